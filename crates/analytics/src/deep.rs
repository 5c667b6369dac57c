//! Room for questions that nest: a parser that runs out of stack would take the whole server with it.

use std::future::Future;

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use crate::error::AnalyticsError;

/// Stack of the thread that reads and plans a question, in bytes; only what is touched is ever used.
const STACK: usize = 64 << 20;

/// Longest question, in bytes.
const LENGTH_MAX: usize = 64 << 10;

/// Operators, joins and set operations in a question; each may nest one deeper in the plan.
const OPERATORS_MAX: usize = 300;

/// Longest condition, in bytes.
const CONDITION_LENGTH_MAX: usize = 2_000;

/// Brackets (and choices by `?`) open at a time in a condition.
const CONDITION_DEPTH_MAX: usize = 24;

/// Does work on a thread of its own with a deep stack; the work ends early when nobody waits for it any more.
pub(crate) async fn deep<T, F>(work: F) -> Result<T, AnalyticsError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, AnalyticsError>> + Send + 'static,
{
    let (mut send, receive) = tokio::sync::oneshot::channel();
    let runtime = tokio::runtime::Handle::current();
    std::thread::Builder::new()
        .name("question".into())
        .stack_size(STACK)
        .spawn(move || {
            let done = runtime.block_on(async {
                tokio::select! {
                    done = work => Some(done),
                    () = send.closed() => None,
                }
            });
            if let Some(done) = done {
                let _ = send.send(done);
            }
        })
        .map_err(AnalyticsError::file("starting a thread for a question"))?;
    receive.await.map_err(AnalyticsError::lake("answering a question"))?
}

/// Checks that a question in SQL is not too long and cannot nest too deep.
///
/// # Errors
/// [`AnalyticsError::BadQuestion`] with the bound.
pub(crate) fn check_sql(field: &'static str, sql: &str) -> Result<(), AnalyticsError> {
    if sql.len() > LENGTH_MAX {
        return Err(AnalyticsError::question(field, format!("{} bytes are too many; {LENGTH_MAX} are the most", sql.len())));
    }
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, sql).tokenize() else { return Ok(()) };
    let operators = tokens.iter().filter(|t| is_operator(t)).count();
    if operators > OPERATORS_MAX {
        let reason =
            format!("{operators} operators are too many for one question, {OPERATORS_MAX} are the most; use `in (...)` for long lists");
        return Err(AnalyticsError::question(field, reason));
    }
    Ok(())
}

fn is_operator(token: &Token) -> bool {
    match token {
        Token::Word(word) => matches!(
            word.keyword,
            Keyword::AND
                | Keyword::OR
                | Keyword::NOT
                | Keyword::JOIN
                | Keyword::UNION
                | Keyword::EXCEPT
                | Keyword::INTERSECT
                | Keyword::IS
                | Keyword::LIKE
        ),
        Token::Whitespace(_)
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::Comma
        | Token::Period
        | Token::SemiColon
        | Token::LParen
        | Token::RParen
        | Token::LBracket
        | Token::RBracket
        | Token::EOF => false,
        _ => true,
    }
}

/// Checks that a condition in CEL is not too long and does not nest too deep.
///
/// # Errors
/// [`AnalyticsError::BadQuestion`] with the bound.
pub(crate) fn check_condition(condition: &str) -> Result<(), AnalyticsError> {
    let bad = |reason: String| Err(AnalyticsError::question("where", reason));
    if condition.len() > CONDITION_LENGTH_MAX {
        return bad(format!("{} bytes are too many; {CONDITION_LENGTH_MAX} are the most", condition.len()));
    }
    let (mut open, mut deepest) = (0usize, 0usize);
    for sign in condition.bytes() {
        match sign {
            b'(' | b'[' | b'{' | b'?' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    if deepest > CONDITION_DEPTH_MAX {
        return bad(format!("{deepest} brackets open at a time are too many; {CONDITION_DEPTH_MAX} are the most"));
    }
    Ok(())
}
