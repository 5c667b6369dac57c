//! What was measured on a body before and after the goods: 尿酸五百八，喝了这个，上周查三百六.

use super::Ruling;
use crate::code::Code;
use crate::finding::Verdict;
use crate::goods::Goods;
use crate::heard::Heard;
use crate::quantity::Unit;
use crate::scope;

/// How far the second reading may lie behind the first.
const WITHIN: usize = 30;

/// Two falling readings with the use of goods between them promise what medicine does.
pub(super) fn check(heard: &Heard<'_>, goods: Goods, out: &mut Vec<Ruling>) {
    let Some(reading) = heard.first("reading") else { return };
    if scope::is_refused(heard) || scope::is_denied(heard, reading.start, reading.end) || heard.has("medicine_kept") {
        return;
    }
    let mut told = heard.quantities_from(reading.end, reading.end + WITHIN).iter().filter(|q| q.unit == Unit::None && q.milli >= 3000);
    let (Some(before), Some(after)) = (told.next(), told.next()) else { return };
    let used = heard.after("used", before.end, after.start - before.end).is_some_and(|hit| hit.end <= after.start);
    if before.start <= reading.end + 4 && after.milli < before.milli && used {
        let code = match goods {
            Goods::Food => Code::FoodMedical,
            Goods::Cosmetic => Code::Cosmetic,
            Goods::Other | Goods::Unknown => Code::Medical,
        };
        out.push(Ruling::new(code, (reading.start, after.end), Verdict::Asserted, "illness.reading"));
    }
}
