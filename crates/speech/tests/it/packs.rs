//! Packs and the book they make.

use laotie_speech::{Code, Finding, Pack, Reader, RuleBook, Verdict, shipped};

const HEAD: &str =
    "id = \"t\"\nversion = \"1\"\neffective_from = \"1970-01-01T00:00:00Z\"\nsource = \"test\"\nname = { zh = \"试\", en = \"test\" }\n";

fn book(body: &str) -> Result<RuleBook, String> {
    let pack = Pack::parse("t.toml", &format!("{HEAD}{body}")).map_err(|error| error.to_string())?;
    RuleBook::of(&[pack]).map_err(|error| error.to_string())
}

#[test]
fn a_pack_of_ones_own_is_read() {
    let book = book("[[frame]]\nid = \"f\"\ncode = \"ABS\"\nsay = [\"举世 ~2 无双\"]\n").expect("well formed");
    let findings = Reader::new(&book).read("这只碗举世也无双", None);
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].code, findings[0].verdict), (Code::Absolute, Verdict::Asserted));
    assert_eq!((findings[0].span.start, findings[0].span.end), (3, 8));
}

#[test]
fn what_is_amiss_is_told_with_its_line() {
    for (body, told) in [
        ("[[frame]]\nid = \"f\"\ncode = \"NOPE\"\nsay = [\"好\"]\n", "t.toml, line 8: no code is named `NOPE`"),
        ("[[frame]]\nid = \"f\"\ncode = \"ABS\"\nsay = [\"好\", \"a ~x b\"]\n", "t.toml, line 9: `~x` is no gap"),
        (
            "[[kind]]\nclass = \"place\"\nname = \"海淀\"\nwithin = \"北京\"\n",
            "t.toml, line 7: `海淀` lies within `北京`, which is not named before it",
        ),
    ] {
        assert_eq!(book(body).expect_err("amiss"), told);
    }
}

#[test]
fn the_shipped_book_names_its_packs_and_every_code() {
    let book = shipped().expect("the shipped packs are well formed");
    assert_eq!(book.versions().len(), 10);
    assert!(book.word_count() > 5_000);
    let reader = Reader::new(book);
    let first = |text: &str| -> Finding { reader.read(text, None).into_iter().next().expect("a finding") };
    let finding = first("这个枕头专治颈椎病");
    assert_eq!(finding.code, Code::Medical);
    assert!(finding.clause.contains("广告法") && finding.severity == 3 && finding.suggestion_zh.chars().count() <= 20);
}

#[test]
fn a_phrase_is_heard_like_a_word_and_quantities_have_names() {
    let body = "[[phrase]]\nname = \"soon\"\nsay = [\"喝 ~2 @q:time\"]\n[[frame]]\nid = \"f\"\ncode = \"HEALTH\"\nsay = [\"@soon|很快 ~4 长高\"]\n";
    let book = book(body).expect("well formed");
    let said = |text: &str| Reader::new(&book).read(text, None).len();
    assert_eq!((said("喝上三个月就长高"), said("很快就长高"), said("三个月就长高")), (1, 1, 0));
}

#[test]
fn a_denial_before_the_predicate_takes_a_frame_back_that_says_so() {
    let body = "[[concept]]\nname = \"denial\"\nwords = \"不 没\"\n[[concept]]\nname = \"cannot\"\nwords = \"不好\"\n[[frame]]\nid = \"f\"\ncode = \"MED\"\ndeniable = \"within\"\nsay = [\"颈椎病 ~6 治\"]\n";
    let book = book(body).expect("well formed");
    let said = |text: &str| Reader::new(&book).read(text, None).len();
    assert_eq!((said("颈椎病它能治"), said("颈椎病它可不治"), said("颈椎病它治不好")), (1, 0, 0));
}

#[test]
fn without_the_fact_a_claim_of_fact_asks_for_proof() {
    let reader = Reader::new(shipped().expect("well formed"));
    let findings = reader.read("平时原价三百九十九今天一百九十九", None);
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].code, findings[0].verdict, findings[0].is_breach()), (Code::Price, Verdict::NoRecord, false));
}
