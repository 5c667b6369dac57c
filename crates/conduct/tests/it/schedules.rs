//! Every row of the product's table of penalties, and documents that cannot be rules.

use laotie_conduct::{Breach, Conduct, Past, Schedule, Severity, decide_on};
use laotie_facts::body::{ActionKind, Ladder, PartyKind};
use laotie_facts::{RuleBook, RuleVersion, System, Timestamp};
use serde_json::json;

use crate::driver::{CREATOR, JURY, MERCHANT, Market, PROVIDER, noon, told};

fn check(family: &str, text: &str) -> Result<(), String> {
    let mut book = RuleBook::default();
    let version = RuleVersion::new(format!("{family}/x@2026-01-01.1")).expect("a version");
    book.publish(family, "x", version, Timestamp::default(), text.to_owned()).map_err(|f| f.to_string())?;
    let document = book.at(family, "x", Timestamp::MAX).expect("published");
    Conduct::check_rule(family, document).map_err(|f| format!("{}: {}", f.field, f.reason))
}

fn schedule(text: &str) -> Schedule {
    let mut book = RuleBook::default();
    let version = RuleVersion::new("penalties/x@2026-01-01.1").expect("a version");
    book.publish("penalties", "x", version, Timestamp::default(), text.to_owned()).expect("TOML");
    let read = book.at("penalties", "x", Timestamp::MAX).expect("published").read::<Schedule>().expect("a schedule");
    Schedule::clone(&read)
}

#[test]
fn the_shipped_documents_are_rules() {
    for text in [MERCHANT, CREATOR, PROVIDER] {
        assert_eq!(check("penalties", text), Ok(()));
    }
    assert_eq!(check("jury", JURY), Ok(()));
}

/// PRODUCT 2.2, first row, in fen, days and points: the ends of each range.
#[test]
fn out_of_scope_listing_has_the_bands_of_2022_09() {
    let schedule = schedule(MERCHANT);
    let ends = |severity, past: &Past| {
        let breach = Breach { code: "out_of_scope_listing".into(), severity: Some(severity), ..Breach::default() };
        let d = decide_on(&schedule, &breach, past).expect("known");
        let of = |kind| d.actions.iter().find(|a| a.action == kind);
        assert!([ActionKind::Warn, ActionKind::Exam, ActionKind::DelistItems].iter().all(|k| of(*k).is_some()));
        (
            of(ActionKind::NoListings).and_then(|a| a.days),
            of(ActionKind::NoFlashBuy).and_then(|a| a.days),
            of(ActionKind::Damages).and_then(|a| a.amount_minor),
            of(ActionKind::Points).and_then(|a| a.points),
        )
    };
    let (first, often) = (Past::default(), Past { earlier: vec![1, 2, 3, 4], ..Past::default() });
    assert_eq!(ends(Severity::Light, &first), (Some(1), Some(2), Some(30_000), None));
    assert_eq!(ends(Severity::Light, &often), (Some(3), Some(4), Some(50_000), None));
    assert_eq!(ends(Severity::Serious, &first), (Some(3), Some(6), Some(100_000), Some(5)));
    assert_eq!(ends(Severity::Serious, &often), (Some(9), Some(18), Some(200_000), Some(10)));
    assert_eq!(ends(Severity::VerySerious, &first), (Some(9), Some(18), Some(200_000), Some(15)));
    assert_eq!(ends(Severity::VerySerious, &often), (Some(14), Some(28), Some(400_000), Some(20)));
}

#[test]
fn the_point_in_a_range_is_chosen_by_steps_and_says_why() {
    let mut market = Market::open();
    let first = market.violation("2026-03-01", "shop/s1", "out_of_scope_listing", 2);
    let second = market.violation("2026-03-20", "shop/s1", "out_of_scope_listing", 2);
    let late = market.violation("2026-12-20", "shop/s1", "out_of_scope_listing", 2);
    insta::assert_snapshot!([told(&first, "2026-03-01"), told(&second, "2026-03-20"), told(&late, "2026-12-20")].join("\n"), @r"
    warn, exam, delist_items, no_listings 3d, no_flash_buy 6d, damages 100000, points 5, hold_withdrawals on Serious
      because out_of_scope_listing
    warn, exam, delist_items, no_listings 4d, no_flash_buy 9d, damages 125000, points 6, hold_withdrawals on Serious
      because out_of_scope_listing, earlier_violations
    warn, exam, delist_items, no_listings 3d, no_flash_buy 6d, damages 100000, points 5, hold_withdrawals on Serious
      because out_of_scope_listing
    ");
    let reported =
        market.violation_with("2026-03-01", "shop/s2", "out_of_scope_listing", 2, &json!({"reasons": [{"code": "self_reported"}]}));
    assert_eq!(told(&reported, "2026-03-01").lines().next(), told(&first, "2026-03-01").lines().next(), "nothing is below the lower end");
    let corrected = market.violation_with("2026-03-01", "shop/s3", "out_of_scope_listing", 2, &json!({"corrected": true}));
    insta::assert_snapshot!(told(&corrected, "2026-03-01"), @r"
    warn, exam, delist_items, no_listings 1d, no_flash_buy 2d, damages 30000
      because out_of_scope_listing, corrected_lowers_severity
    ");
}

/// PRODUCT 2.2, second row: minor 5; serious 10, 20, 100 by gravity; 100 closes that role alone.
#[test]
fn points_go_by_gravity_and_a_hundred_closes_that_role_alone() {
    let mut market = Market::open();
    let points = |p: &laotie_facts::body::PenaltyImposed| p.actions.iter().find_map(|a| a.points).map(laotie_facts::Quantity::get);
    assert_eq!(points(&market.violation("2026-03-01", "streamer/x", "false_claim", 1)), Some(5));
    assert_eq!(points(&market.violation("2026-03-02", "streamer/x", "false_claim", 2)), Some(10));
    assert_eq!(points(&market.violation("2026-03-03", "streamer/x", "false_claim", 3)), Some(20));
    let last = market.violation("2026-03-04", "streamer/x", "staged_hype", 3);
    assert_eq!(points(&last), Some(100));
    assert!(last.actions.iter().any(|a| a.action == ActionKind::Ban && a.until.is_none()), "closed for good");
    assert!(last.public && !last.anonymous);
    let at = noon("2026-03-05");
    let creator = market.standing(PartyKind::Streamer, "x", at);
    let ladder = |s: &laotie_conduct::Standing, l| s.ladders.iter().find(|x| x.ladder == l).cloned().expect("a ladder");
    assert_eq!(ladder(&creator, Ladder::General).points, 5);
    assert_eq!((ladder(&creator, Ladder::Serious).points, ladder(&creator, Ladder::Serious).closed), (130, true));
    let shop = market.standing(PartyKind::Shop, "x", at);
    assert!(shop.ladders.iter().all(|l| l.points == 0 && !l.closed) && shop.running.is_empty());
}

/// PRODUCT 2.2, third row: reset on 1 January, market time, unless the role is closed; terms run on.
#[test]
fn points_are_reset_at_new_year_of_the_market_and_terms_run_on() {
    let mut market = Market::open();
    market.violation("2026-12-30", "shop/s1", "brushing", 3);
    market.violation("2026-12-30", "shop/s2", "counterfeit", 3);
    let eve = crate::driver::time("2026-12-31T23:59:59+08:00");
    let new_year = crate::driver::time("2027-01-01T00:00:00+08:00");
    let serious = |m: &Market, id: &str, at| m.standing(PartyKind::Shop, id, at).ladders[1].clone();
    assert_eq!(serious(&market, "s1", eve).counted, 20);
    let passed = market.until(new_year);
    assert!(passed.iter().any(|f| f.at == new_year), "the reset falls due at the market's new year");
    assert_eq!(serious(&market, "s1", new_year).counted, 0);
    assert!(!market.standing(PartyKind::Shop, "s1", new_year).running.is_empty(), "running terms go on");
    assert_eq!((serious(&market, "s2", new_year).counted, serious(&market, "s2", new_year).closed), (100, true));
    let rows = market.view("points", "");
    let row = |id: &str| rows.iter().find(|r| r.key == format!("shop/{id}")).map(|r| r.body.clone()).expect("listed");
    assert!(row("s1").contains("\"serious\":0") && row("s1").contains("\"year\":2027"), "{}", row("s1"));
    assert!(row("s2").contains("\"closed\":true") && row("s2").contains("\"serious\":100"), "{}", row("s2"));
    // What was known of the old year can still be told.
    assert_eq!(serious(&market, "s1", eve).counted, 20);
    // The party's next violation in the new year starts from nothing: no mark is reached.
    let next = market.violation("2027-02-01", "shop/s1", "off_platform", 2);
    assert!(next.reasons.iter().all(|r| r.code.as_str() != "mark_reached"));
}

/// PRODUCT 2.2, fourth row: counted = max(0, points - study); void after a single 100.
#[test]
fn study_credits_lower_what_counts_and_a_single_hundred_voids_them() {
    let mut market = Market::open();
    market.violation("2026-03-01", "streamer/x", "false_claim", 1);
    market.violation("2026-03-02", "streamer/x", "false_claim", 2);
    let passed = json!({"credits": 8, "party": "x", "party_kind": "streamer"});
    market.on("2026-03-03", "study.passed", &passed).expect("taken");
    let at = noon("2026-03-04");
    let counted = |m: &Market, at| -> Vec<i64> { m.standing(PartyKind::Streamer, "x", at).ladders.iter().map(|l| l.counted).collect() };
    assert_eq!(counted(&market, at), [0, 2]);
    assert_eq!(counted(&market, noon("2026-03-02")), [5, 10], "before the exam nothing is taken off");
    market.violation("2026-03-05", "streamer/x", "staged_hype", 3);
    let after = market.standing(PartyKind::Streamer, "x", noon("2026-03-06"));
    assert!(after.credits_void);
    assert_eq!(counted(&market, noon("2026-03-06")), [5, 110]);
}

#[test]
fn credits_keep_a_party_below_a_mark() {
    let marked = |credits: i64| {
        let mut market = Market::open();
        market.violation("2026-03-01", "shop/s", "off_platform", 2);
        market.on("2026-03-02", "study.passed", &json!({"credits": credits, "party": "s", "party_kind": "shop"})).expect("taken");
        let second = market.violation("2026-03-03", "shop/s", "brushing", 2);
        second.reasons.iter().any(|r| r.code.as_str() == "mark_reached")
    };
    assert!(marked(0));
    assert!(!marked(1));
}

#[test]
fn credits_that_were_recorded_by_mistake_let_later_penalties_be_decided_anew() {
    let mut market = Market::open();
    market.violation("2026-03-01", "shop/s", "off_platform", 2);
    let study = market.on("2026-03-02", "study.passed", &json!({"credits": 1, "party": "s", "party_kind": "shop"})).expect("taken");
    let second = market.violation("2026-03-03", "shop/s", "brushing", 2);
    let facts = market.void("2026-03-04", study[0].seq).expect("voided");
    let anew = crate::driver::imposed(&facts).remove(0);
    assert!(anew.reasons.iter().any(|r| r.code.as_str() == "mark_reached"));
    assert_eq!(anew.violations, second.violations);
    let standing = market.standing(PartyKind::Shop, "s", noon("2026-03-05"));
    assert_eq!((standing.credits, standing.ladders[1].counted), (0, 20));
}

/// PRODUCT 2.2, fifth row: the year's first light breach of content rules costs 100 yuan.
#[test]
fn the_first_light_content_breach_of_the_year_costs_a_hundred_yuan() {
    let mut market = Market::open();
    let damages = |p: &laotie_facts::body::PenaltyImposed| p.actions.iter().find_map(|a| a.amount_minor).map(laotie_facts::Amount::get);
    let first = market.violation("2026-03-01", "streamer/x", "false_claim", 1);
    assert_eq!(damages(&first), Some(10_000));
    assert!(first.reasons.iter().any(|r| r.code.as_str() == "first_light_breach_of_year"));
    assert_eq!(damages(&market.violation("2026-03-02", "streamer/x", "false_price", 1)), Some(30_000), "the second of the year does not");
    assert_eq!(damages(&market.violation("2027-01-01", "streamer/x", "false_price", 1)), Some(10_000), "a new year, a new first");
    assert_eq!(damages(&market.violation("2026-03-01", "streamer/y", "false_claim", 2)), Some(100_000), "only light ones");
    assert_eq!(damages(&market.violation("2026-03-01", "shop/s", "false_claim", 1)), Some(30_000), "only creators");
}

/// PRODUCT 2.2, sixth row and S41: half points, and the three steps of NPS below seven.
#[test]
fn providers_have_half_points_and_three_steps_of_nps() {
    let mut market = Market::open();
    let stored = |p: &laotie_facts::body::PenaltyImposed| p.actions.iter().find_map(|a| a.points).map(laotie_facts::Quantity::get);
    for (code, severity, half_points) in
        [("forged_credentials", 3, 24), ("off_platform", 2, 12), ("broken_promise", 2, 8), ("fake_sales", 2, 6), ("minor_breach", 1, 1)]
    {
        assert_eq!(stored(&market.violation("2026-03-01", &format!("provider/{code}"), code, severity)), Some(half_points));
    }
    let steps = ["2026-03-01", "2026-04-01", "2026-05-01"].map(|day| told(&market.violation(day, "provider/p", "nps_below_seven", 1), day));
    insta::assert_snapshot!(steps.join("\n"), @r"
    damages 250000, limit_reach 30d
      because nps_below_seven
    damages 500000, delist_items
      because nps_below_seven, earlier_violations
    damages 1000000, remove
      because nps_below_seven, earlier_violations
    ");
    assert_eq!(market.standing(PartyKind::Provider, "forged_credentials", noon("2026-03-02")).points_unit, 2);
}

/// PRODUCT 2.2, last row, as far as facts carry it.
#[test]
fn the_reputation_score_is_a_fixture_and_its_band_behind_a_violation() {
    let score = schedule(CREATOR).reputation_score.expect("documented");
    assert_eq!(score.competitiveness_bps, 3_000);
    assert_eq!(score.competitiveness.iter().map(laotie_facts::Name::as_str).collect::<Vec<_>>(), ["price", "conversion", "repurchase"]);
    let mut market = Market::open();
    let first = market.violation("2026-03-01", "streamer/x", "reputation_behind", 1);
    let second = market.violation("2026-03-20", "streamer/x", "reputation_behind", 1);
    assert_eq!(first.actions[0].action, ActionKind::Warn);
    assert_eq!(second.actions[0].action, ActionKind::LimitReach);
}

#[test]
fn documents_with_gaps_overlaps_or_unknown_fields_are_refused() {
    let changed = |from: &str, to: &str| {
        assert!(MERCHANT.contains(from), "the document no longer says {from}");
        check("penalties", &MERCHANT.replacen(from, to, 1)).expect_err("refused")
    };
    let told = [
        changed("role = \"merchant\"", "role = \"merchant\"\ncolour = 7"),
        changed("points_unit = 1\n", ""),
        changed("days = [3, 9]", "days = [2, 9]"),
        changed("days = [3, 9]", "days = [9, 3]"),
        changed(
            "{ severity = \"serious\", ladder = \"serious\", actions = [\n    { action = \"warn\" },\n    { action = \"exam\" },\n    { action = \"delist_items\" },\n    { action = \"no_listings\", days = [3, 9] }",
            "{ severity = \"light\", ladder = \"serious\", actions = [\n    { action = \"warn\" },\n    { action = \"no_listings\", days = [3, 9] }",
        ),
        changed(
            "{ at = 50, actions = [{ action = \"no_listings\", days = 7 }",
            "{ at = 25, actions = [{ action = \"no_listings\", days = 7 }",
        ),
        changed("closes_at = 100", "closes_at = 60"),
        changed("points = [5, 10]", "amount_minor = [5, 10]"),
        changed("{ action = \"no_flash_buy\", days = [2, 4] }", "{ action = \"no_flash_buy\" }"),
        changed("closing = [{ action = \"close_shop\", permanent = true }", "closing = [{ action = \"warn\" }"),
        changed(
            "guarantee = \"fake_dispatch_compensation\"\ncode = \"fake_dispatch\"",
            "guarantee = \"fake_dispatch_compensation\"\ncode = \"nothing\"",
        ),
        changed("self_reported = -1", "self_reported = 1"),
        check("penalties", &PROVIDER.replace("{ nth = 3,", "{ nth = 4,")).expect_err("a gap between occasions"),
        check("jury", &JURY.replace("quorum = 21", "quorum = 52")).expect_err("more than the sample"),
        check("jury", &format!("{JURY}\ncolour = \"red\"\n")).expect_err("unknown"),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    text: TOML parse error at line 7, column 1
      |
    7 | colour = 7
      | ^^^^^^
    unknown field `colour`, expected one of `appeal`, `choice`, `code`, `currency`, `effective_from`, `id`, `ladder`, `name`, `party_kinds`, `points_unit`, `publication`, `relief`, `reputation_score`, `review`, `role`, `ruling`, `source`, `study`, `version`

    text: TOML parse error at line 1, column 1
      |
    1 | # What violations cost merchants and their shops. Amounts in fen, days natural and market time, points as stated.
      | ^
    missing field `points_unit`

    code[0].band[1].actions[3].days: starts at 2, overlapping the band before, which ends at 3
    code[0].band[1].actions[3].days: 9 to 3 is no range; it goes up from 1
    code[0].band[1]: `light` overlaps the band before; severities go up and stand once
    ladder[0].node[1].at: 25 does not lie above 25; marks go up and stand once
    ladder[0].closes_at: 60 does not lie above the last mark, 75
    code[0].band[1].actions[6].amount_minor: is no measure of this action
    code[0].band[0].actions[4]: needs either `days` or `permanent = true`
    ladder[0].closing: nothing in it is permanent, so the role would open again
    ruling[1].code: `nothing` is no code of this schedule
    choice.self_reported: is above 0 and would make the penalty heavier
    code[5].occasion[2].nth: is 4, where 3 is due; occasions count from 1 without a gap
    quorum: 52 of 51 votes; needs 1 to the sample, and a sample of 1001 at most
    text: TOML parse error at line 24, column 1
       |
    24 | colour = "red"
       | ^^^^^^
    unknown field `colour`, expected `en` or `zh`
    "#);
}
