//! Statements that both databases read alike.

use crate::{JournalFilter, ListingPage};

/// The journal's columns, in the order in which both stores read them.
pub(crate) const JOURNAL: &str = "seq, seen, at, source, key, kind, subject, by, because, rules, body, body_hash, hash";

/// The columns of an access row but its kind.
pub(crate) const ACCESS: &str = "id, secret_hash, party, roles, label, created, expires";

/// A page of the journal: `$1` is the row before, then the texts returned, then the limit.
///
/// Each set of filters has its own statement, since `$2 is null or …` would keep both databases from their indexes.
pub(crate) fn journal_page(filter: &JournalFilter) -> (String, Vec<&str>) {
    let mut sql = format!("select {JOURNAL} from journal where seq > $1");
    let mut texts = Vec::new();
    for (column, wanted) in [("source", &filter.source), ("key", &filter.key), ("kind", &filter.kind), ("subject", &filter.subject)] {
        if let Some(wanted) = wanted {
            texts.push(wanted.as_str());
            sql.push_str(" and ");
            sql.push_str(column);
            sql.push_str(" = $");
            sql.push_str(&(texts.len() + 1).to_string());
        }
    }
    sql.push_str(" order by seq limit $");
    sql.push_str(&(texts.len() + 2).to_string());
    (sql, texts)
}

/// A page of a list: the texts returned, then the limit.
pub(crate) fn listing(page: &ListingPage) -> (String, Vec<&str>) {
    let (compare, direction) = if page.descending { ("<", "desc") } else { (">", "asc") };
    let mut texts = vec![page.view.as_str(), page.owner.as_str()];
    let behind = match &page.after {
        Some((sort, key)) => {
            texts.extend([sort.as_str(), key.as_str()]);
            format!(" and (sort, key) {compare} ($3, $4)")
        }
        None => String::new(),
    };
    let limit = texts.len() + 1;
    let sql = format!(
        "select sort, key, body from listing where view = $1 and owner = $2{behind} order by sort {direction}, key {direction} limit ${limit}"
    );
    (sql, texts)
}

/// A limit as both databases take it.
pub(crate) fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A page of an account's postings; `$2` and `$3` are the place before which it lies.
pub(crate) const POSTINGS: &str = "select posting, transfer, seq, account, currency, amount_minor, effective, reverses from posting
    where account = $1 and (seq < $2 or (seq = $2 and posting < $3)) order by seq desc, posting desc limit $4";

/// The books, a row a currency: accounts, postings, both sums, accounts that differ.
pub(crate) const TRIAL_BALANCE: &str = "with summed as (
        select account, currency, sum(amount_minor) as minor, count(*) as n from posting group by account, currency
    ), joined as (
        select b.currency, b.posted_minor, coalesce(s.minor, 0) as minor, coalesce(s.n, 0) as n
        from balance b left join summed s on s.account = b.account and s.currency = b.currency
        union all
        select s.currency, 0, s.minor, s.n from summed s
        where not exists (select 1 from balance b where b.account = s.account and b.currency = s.currency)
    )
    select currency, count(*), cast(sum(n) as bigint), cast(sum(posted_minor) as bigint), cast(sum(minor) as bigint),
        sum(case when posted_minor <> minor then 1 else 0 end)
    from joined group by currency order by currency";
