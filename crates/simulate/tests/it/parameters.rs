//! Market documents: what is wrong is refused with its line and the reason.

use laotie_simulate::{Market, Parameters, Run};

#[test]
fn every_shipped_parameter_names_its_source() {
    for name in Parameters::shipped_names() {
        let parameters = Parameters::shipped(name).expect("shipped documents are valid");
        assert!(parameters.sources.len() > 100);
        assert!(parameters.sources.iter().all(|s| !s.source.is_empty()), "{name}");
    }
}

fn refused(text: &str) -> String {
    let head = "version = \"2026-01-01.1\"\nsource = \"test\"\ntitle_zh = \"试\"\ntitle_en = \"test\"\nbased_on = \"live-market\"\n";
    match Parameters::parse("mine", &format!("{head}{text}")) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_wrong_is_refused_with_line_and_reason() {
    let cases = [
        "[population]\nbuyers = { value = 300, source = \"mine\" }",
        "[population]\nbuyers = 300",
        "[population]\nbuyers = { value = 300 }",
        "[population]\nbuyers = { value = 0, source = \"mine\" }",
        "[population]\nbuyers = { value = 1.5, source = \"mine\" }",
        "[population]\nbuyers = { value = \"many\", source = \"mine\" }",
        "[population]\nbuyer = { value = 300, source = \"mine\" }",
        "[populations]\nbuyers = { value = 300, source = \"mine\" }",
        "[population]\nbuyers = { value = 300, source = \"mine\", unit = \"heads\" }",
        "[calendar]\nhours = { value = [1, 2, 3], source = \"mine\" }",
        "[calendar]\nweekdays = { value = [0, 0, 0, 0, 0, 0, 0], source = \"mine\" }",
        "[calendar]\nfestivals = { value = [[6, 14, 5]], source = \"mine\" }",
        "[shops]\nsloppy = { value = 1.2, source = \"mine\" }",
        "[shops]\nsloppy = { value = -0.1, source = \"mine\" }",
        "[shops]\nsloppy = { value = nan, source = \"mine\" }",
        "[population]\nregions = { value = [], source = \"mine\" }",
        "[population]\nregions = { value = [\"\"], source = \"mine\" }",
        "[population\nbuyers = 1",
    ];
    let told: Vec<String> = cases.iter().map(|case| format!("{}\n    -> {}", case.replace('\n', "\n    "), refused(case))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_document_cannot_be_based_on_itself_or_nothing() {
    for base in ["mine", "nowhere", ""] {
        let text = format!("version = \"1\"\nbased_on = \"{base}\"\n");
        let error = Parameters::parse("mine", &text).expect_err("there is no such base");
        assert_eq!(error.line, 2, "{error}");
    }
    let error = Parameters::shipped("atlantis").expect_err("there is no such document");
    assert!(error.to_string().contains("live-market"), "{error}");
}

#[test]
fn a_run_that_cannot_be_is_refused() {
    let parameters = Parameters::shipped("live-market").expect("shipped documents are valid");
    let run = Run { seed: 1, weeks: 1, scale: 1.0, truth: false };
    for wrong in [
        Run { scale: 0.0, ..run },
        Run { scale: -1.0, ..run },
        Run { scale: f64::NAN, ..run },
        Run { scale: 1e9, ..run },
        Run { weeks: 0, ..run },
        Run { weeks: 99_999, ..run },
    ] {
        assert!(Market::new(&parameters, wrong).is_err(), "{wrong:?}");
    }
    let tiny = Market::new(&parameters, Run { scale: 1e-6, ..run }).expect("one of each is a market");
    assert!(tiny.count() > 0);
}

#[test]
fn a_market_of_extremes_still_lives() {
    let cases = [
        "[buyers]\nsignals_per_day = { value = 0, source = \"none\" }\nfollows_mean = { value = 0, source = \"none\" }",
        "[buyers]\nsessions_per_day = { value = 0.0, source = \"none\" }",
        "[streamers]\nshows_per_week = { value = 0.0, source = \"none\" }\nvideos_per_week = { value = 0, source = \"none\" }",
        "[shops]\nsloppy = { value = 1.0, source = \"all\" }\ncounterfeit = { value = 1.0, source = \"all\" }",
        "[population]\nitems_per_shop = { value = [1, 1], source = \"one\" }\nshops = { value = 1, source = \"one\" }",
        "[bought]\npanel_share = { value = 0.0, source = \"none\" }\n[brushing]\nbrusher_share = { value = 0.0, source = \"none\" }\ngang_share = { value = 0.0, source = \"none\" }",
        "[brushing]\nbrusher_share = { value = 0.0, source = \"none\" }\n[partners]\nbrushed_floors = { value = 1.0, source = \"all\" }\ncontracts_per_month = { value = 30, source = \"many\" }",
        "[shops]\nremoval_per_week = { value = 1.0, source = \"strict\" }",
        "[calendar]\nhours = { value = [0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0], source = \"noon alone\" }",
    ];
    for case in cases {
        let head = "version = \"1\"\ntitle_zh = \"试\"\ntitle_en = \"test\"\nbased_on = \"live-market\"\n";
        let parameters = Parameters::parse("mine", &format!("{head}{case}")).unwrap_or_else(|e| panic!("{case}: {e}"));
        let market = Market::new(&parameters, Run { seed: 3, weeks: 3, scale: 0.1, truth: true }).expect("a small run");
        assert!(market.count() > 0, "{case}");
    }
}
