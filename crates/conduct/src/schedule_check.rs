//! What a schedule must be to be a rule: no gap, no overlap, no measure that its action does not have.

use std::collections::BTreeSet;

use laotie_facts::Flaw;
use laotie_facts::body::{ActionKind, Ladder};

use crate::schedule::{ActionRule, CodeRule, LadderRule, Range, Schedule};

type Checked = Result<(), Flaw>;

fn flaw(field: impl Into<String>, reason: impl Into<String>) -> Flaw {
    Flaw::at(field, reason)
}

/// Checks a schedule.
pub(crate) fn check(schedule: &Schedule) -> Checked {
    if schedule.party_kinds.is_empty() {
        return Err(flaw("party_kinds", "is empty; name the kinds of party that have the role, as `shop`"));
    }
    if schedule.points_unit < 1 {
        return Err(flaw("points_unit", "is below 1; 2 stands for half points"));
    }
    if schedule.source.trim().is_empty() {
        return Err(flaw("source", "is empty; a rule says where it comes from, or `assumed`"));
    }
    choice(schedule)?;
    let mut ladders = BTreeSet::new();
    for (i, ladder) in schedule.ladder.iter().enumerate() {
        let at = format!("ladder[{i}]");
        if !ladders.insert(ladder.ladder) {
            return Err(flaw(at, format!("`{}` stands twice", ladder_name(ladder.ladder))));
        }
        check_ladder(&at, ladder)?;
    }
    let mut codes = BTreeSet::new();
    for (i, code) in schedule.code.iter().enumerate() {
        let at = format!("code[{i}]");
        if !codes.insert(code.code.as_str()) {
            return Err(flaw(at, format!("`{}` stands twice", code.code)));
        }
        if crate::breach::is_modifier(code.code.as_str()) {
            return Err(flaw(at, format!("`{}` says how a violation weighs and cannot name one", code.code)));
        }
        check_code(&at, code, schedule)?;
    }
    for (i, ruling) in schedule.ruling.iter().enumerate() {
        if schedule.code(ruling.code.as_str()).is_none() {
            return Err(flaw(format!("ruling[{i}].code"), format!("`{}` is no code of this schedule", ruling.code)));
        }
        if schedule.ruling[..i].iter().any(|r| r.guarantee == ruling.guarantee) {
            return Err(flaw(format!("ruling[{i}].guarantee"), format!("`{}` stands twice", ruling.guarantee)));
        }
    }
    let behind = schedule.reputation_score.as_ref().filter(|r| schedule.code(r.behind_code.as_str()).is_none());
    match behind {
        Some(score) => Err(flaw("reputation_score.behind_code", format!("`{}` is no code of this schedule", score.behind_code))),
        None => Ok(()),
    }
}

fn choice(schedule: &Schedule) -> Checked {
    let choice = &schedule.choice;
    if choice.steps < 1 {
        return Err(flaw("choice.steps", "is below 1; a range needs at least one step from end to end"));
    }
    for (field, steps) in
        [("corrected", choice.corrected), ("self_reported", choice.self_reported), ("warned_partner", choice.warned_partner)]
    {
        if steps > 0 {
            return Err(flaw(format!("choice.{field}"), "is above 0 and would make the penalty heavier"));
        }
    }
    if choice.per_earlier < 0 {
        return Err(flaw("choice.per_earlier", "is below 0 and would reward repetition"));
    }
    for (i, pair) in choice.damage.windows(2).enumerate() {
        if pair[1].from_minor <= pair[0].from_minor || pair[1].steps < pair[0].steps {
            return Err(flaw(format!("choice.damage[{}]", i + 1), "overlaps the one before; from and steps go up"));
        }
    }
    match choice.damage.iter().position(|d| d.from_minor < 0 || d.steps < 0) {
        Some(i) => Err(flaw(format!("choice.damage[{i}]"), "is negative")),
        None => Ok(()),
    }
}

fn ladder_name(ladder: Ladder) -> &'static str {
    match ladder {
        Ladder::General => "general",
        Ladder::Serious => "serious",
    }
}

fn check_ladder(at: &str, ladder: &LadderRule) -> Checked {
    let mut before = 0;
    for (i, node) in ladder.node.iter().enumerate() {
        let at = format!("{at}.node[{i}]");
        if node.at <= before {
            return Err(flaw(format!("{at}.at"), format!("{} does not lie above {before}; marks go up and stand once", node.at)));
        }
        before = node.at;
        actions(&at, &node.actions, false)?;
    }
    if ladder.closes_at <= before {
        return Err(flaw(format!("{at}.closes_at"), format!("{} does not lie above the last mark, {before}", ladder.closes_at)));
    }
    actions(&format!("{at}.closing"), &ladder.closing, false)?;
    if !ladder.closing.iter().any(|a| a.permanent) {
        return Err(flaw(format!("{at}.closing"), "nothing in it is permanent, so the role would open again"));
    }
    Ok(())
}

fn check_code(at: &str, code: &CodeRule, schedule: &Schedule) -> Checked {
    if code.clause.trim().is_empty() || code.clause.chars().count() > 100 {
        return Err(flaw(format!("{at}.clause"), "needs 1 to 100 characters; it is shown with every penalty"));
    }
    if code.source.trim().is_empty() {
        return Err(flaw(format!("{at}.source"), "is empty; a rule says where it comes from, or `assumed`"));
    }
    if code.band.is_empty() == code.occasion.is_empty() {
        return Err(flaw(at, format!("`{}` needs either bands by severity or occasions by count", code.code)));
    }
    for (i, band) in code.band.iter().enumerate() {
        let at = format!("{at}.band[{i}]");
        actions(&at, &band.actions, true)?;
        on_ladder(&at, &band.actions, band.ladder, schedule)?;
        let Some(before) = i.checked_sub(1).map(|j| &code.band[j]) else { continue };
        match band.severity.level() - before.severity.level() {
            1 => rises(&at, &before.actions, &band.actions)?,
            ..=0 => {
                return Err(flaw(at, format!("`{}` overlaps the band before; severities go up and stand once", band.severity.as_str())));
            }
            _ => return Err(flaw(at, format!("leaves a gap between `{}` and `{}`", before.severity.as_str(), band.severity.as_str()))),
        }
    }
    for (i, occasion) in code.occasion.iter().enumerate() {
        let at = format!("{at}.occasion[{i}]");
        if usize::try_from(occasion.nth) != Ok(i + 1) {
            return Err(flaw(
                format!("{at}.nth"),
                format!("is {}, where {} is due; occasions count from 1 without a gap", occasion.nth, i + 1),
            ));
        }
        actions(&at, &occasion.actions, true)?;
        on_ladder(&at, &occasion.actions, occasion.ladder, schedule)?;
        if let Some(before) = i.checked_sub(1).map(|j| &code.occasion[j]) {
            rises(&at, &before.actions, &occasion.actions)?;
        }
    }
    Ok(())
}

/// Points need a ladder that the schedule has.
fn on_ladder(at: &str, list: &[ActionRule], ladder: Option<Ladder>, schedule: &Schedule) -> Checked {
    if list.iter().all(|a| a.points.is_none()) {
        return Ok(());
    }
    match ladder {
        None => Err(flaw(format!("{at}.ladder"), "missing; points count on a ladder")),
        Some(ladder) if schedule.ladder(ladder).is_none() => {
            Err(flaw(format!("{at}.ladder"), format!("the schedule has no ladder `{}`", ladder_name(ladder))))
        }
        Some(_) => Ok(()),
    }
}

fn measures(rule: &ActionRule) -> [(&'static str, Option<Range>); 3] {
    [("days", rule.days), ("amount_minor", rule.amount_minor), ("points", rule.points)]
}

fn actions(at: &str, list: &[ActionRule], with_points: bool) -> Checked {
    if list.is_empty() || list.len() > 10 {
        return Err(flaw(format!("{at}.actions"), format!("has {} actions; 1 to 10 are needed", list.len())));
    }
    for (i, rule) in list.iter().enumerate() {
        let at = format!("{at}.actions[{i}]");
        if list[..i].iter().any(|r| r.action == rule.action) {
            return Err(flaw(at, "stands twice"));
        }
        for (field, range) in measures(rule) {
            if let Some(range) = range.filter(|r| r.low < 1 || r.high < r.low || r.high > laotie_facts::SAFE_MAX / 1_000) {
                return Err(flaw(format!("{at}.{field}"), format!("{} to {} is no range; it goes up from 1", range.low, range.high)));
            }
        }
        if let Some(range) = rule.days.filter(|d| d.high > 3_660) {
            return Err(flaw(format!("{at}.days"), format!("{} days are more than ten years; say `permanent = true`", range.high)));
        }
        fits(&at, rule, with_points)?;
    }
    Ok(())
}

/// Each action has the measure that it needs and no other.
fn fits(at: &str, rule: &ActionRule, with_points: bool) -> Checked {
    let has = |field: &str| measures(rule).iter().any(|(name, range)| *name == field && range.is_some());
    let needs = match rule.action {
        ActionKind::Points if !with_points => return Err(flaw(at, "a mark of a ladder gives no points itself")),
        ActionKind::Points => "points",
        ActionKind::Damages => "amount_minor",
        ActionKind::NoListings | ActionKind::NoFlashBuy | ActionKind::SuspendCart | ActionKind::LimitReach | ActionKind::Ban => "days",
        ActionKind::CloseShop | ActionKind::Remove => "permanent",
        ActionKind::Warn | ActionKind::Exam | ActionKind::DelistItems | ActionKind::HoldWithdrawals => "",
    };
    for field in ["days", "amount_minor", "points"] {
        if has(field) && field != needs {
            return Err(flaw(format!("{at}.{field}"), "is no measure of this action"));
        }
    }
    match needs {
        "permanent" if !rule.permanent => Err(flaw(at, "cannot end; say `permanent = true`")),
        "days" if has("days") == rule.permanent => Err(flaw(at, "needs either `days` or `permanent = true`")),
        "points" | "amount_minor" if !has(needs) => Err(flaw(format!("{at}.{needs}"), "missing")),
        "" | "points" | "amount_minor" if rule.permanent => Err(flaw(format!("{at}.permanent"), "is no measure of this action")),
        _ => Ok(()),
    }
}

/// A graver band never starts below where the lighter one ends.
fn rises(at: &str, before: &[ActionRule], after: &[ActionRule]) -> Checked {
    for earlier in before {
        let Some((i, later)) = after.iter().enumerate().find(|(_, a)| a.action == earlier.action) else { continue };
        for ((field, low), (_, high)) in measures(earlier).into_iter().zip(measures(later)) {
            if let (Some(low), Some(high)) = (low, high)
                && high.low < low.high
            {
                return Err(flaw(
                    format!("{at}.actions[{i}].{field}"),
                    format!("starts at {}, overlapping the band before, which ends at {}", high.low, low.high),
                ));
            }
        }
    }
    Ok(())
}
