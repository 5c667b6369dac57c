//! A condition in CEL as a condition in SQL, over a metric's own columns and nothing else.

use cel::Program;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

use crate::deep::check_condition;
use crate::error::AnalyticsError;

/// Translates `shop == "s-1" && region in ["France", "Spain"]` and the like.
///
/// # Errors
/// [`AnalyticsError::BadQuestion`] naming what cannot be translated and what can.
pub(crate) fn to_sql(condition: &str, columns: &[&str]) -> Result<String, AnalyticsError> {
    check_condition(condition)?;
    let program = Program::compile(condition).map_err(|e| AnalyticsError::question("where", format!("not CEL: {e}")))?;
    expression(program.expression(), columns)
}

fn bad(reason: impl Into<String>) -> AnalyticsError {
    AnalyticsError::question("where", reason)
}

fn expression(node: &IdedExpr, columns: &[&str]) -> Result<String, AnalyticsError> {
    match &node.expr {
        Expr::Ident(name) if columns.contains(&name.as_str()) => Ok(format!("\"{name}\"")),
        Expr::Ident(name) => Err(bad(format!("`{name}` is not a column of this metric; it has {}", columns.join(", ")))),
        Expr::Literal(literal) => value(literal),
        Expr::List(list) => {
            let items: Result<Vec<String>, _> = list.elements.iter().map(|e| expression(e, columns)).collect();
            let items = items?;
            if items.is_empty() {
                Err(bad("`in []` holds for nothing; leave the condition out or name a value"))
            } else {
                Ok(format!("({})", items.join(", ")))
            }
        }
        Expr::Call(call) => called(call, columns),
        _ => Err(bad("only comparisons, `&&`, `||`, `!`, `in`, `startsWith`, `endsWith` and `contains` are understood here")),
    }
}

fn value(literal: &LiteralValue) -> Result<String, AnalyticsError> {
    match literal {
        LiteralValue::Boolean(b) => Ok(b.inner().to_string()),
        LiteralValue::Int(n) => Ok(n.inner().to_string()),
        LiteralValue::UInt(n) => Ok(n.inner().to_string()),
        LiteralValue::String(text) => Ok(quoted(text.inner())),
        LiteralValue::Null => Ok("null".to_owned()),
        _ => Err(bad("a value is a whole number, a text, true, false or null")),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn called(call: &CallExpr, columns: &[&str]) -> Result<String, AnalyticsError> {
    let argument = |i: usize| call.args.get(i).ok_or_else(|| bad(format!("`{}` lacks an argument", call.func_name)));
    let infix = |sign: &str| -> Result<String, AnalyticsError> {
        Ok(format!("({} {sign} {})", expression(argument(0)?, columns)?, expression(argument(1)?, columns)?))
    };
    let is_null = |i: usize| argument(i).is_ok_and(|a| matches!(a.expr, Expr::Literal(LiteralValue::Null)));
    match call.func_name.as_str() {
        operators::LOGICAL_AND => infix("and"),
        operators::LOGICAL_OR => infix("or"),
        operators::LOGICAL_NOT => Ok(format!("(not {})", expression(argument(0)?, columns)?)),
        operators::EQUALS if is_null(1) => Ok(format!("({} is null)", expression(argument(0)?, columns)?)),
        operators::NOT_EQUALS if is_null(1) => Ok(format!("({} is not null)", expression(argument(0)?, columns)?)),
        operators::EQUALS => infix("="),
        operators::NOT_EQUALS => infix("<>"),
        operators::LESS => infix("<"),
        operators::LESS_EQUALS => infix("<="),
        operators::GREATER => infix(">"),
        operators::GREATER_EQUALS => infix(">="),
        operators::IN => infix("in"),
        operators::NEGATE => Ok(format!("(- {})", expression(argument(0)?, columns)?)),
        "startsWith" | "endsWith" | "contains" => {
            let target = call.target.as_deref().ok_or_else(|| bad(format!("write `column.{}(\"text\")`", call.func_name)))?;
            let function = match call.func_name.as_str() {
                "startsWith" => "starts_with",
                "endsWith" => "ends_with",
                _ => "contains",
            };
            Ok(format!("{function}({}, {})", expression(target, columns)?, expression(argument(0)?, columns)?))
        }
        other => Err(bad(format!(
            "`{other}` is not understood here; comparisons, `&&`, `||`, `!`, `in`, `startsWith`, `endsWith` and `contains` are"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_become_sql() {
        let sql = |c: &str| to_sql(c, &["shop", "region", "paid_minor"]).expect("is translated");
        assert_eq!(sql(r#"shop == "s-1""#), r#"("shop" = 's-1')"#);
        assert_eq!(sql(r#"region in ["France", "Côte d'Ivoire"]"#), r#"("region" in ('France', 'Côte d''Ivoire'))"#);
        assert_eq!(sql("paid_minor >= 100 && !(shop == null)"), r#"(("paid_minor" >= 100) and (not ("shop" is null)))"#);
        assert_eq!(sql(r#"shop.startsWith("s")"#), r#"starts_with("shop", 's')"#);
    }

    #[test]
    fn what_is_no_column_or_no_condition_is_named() {
        for (condition, part) in [
            ("buyr == 'x'", "buyr"),
            ("shop ==", "not CEL"),
            ("size(shop) > 1", "size"),
            ("shop in []", "in []"),
            ("[1].map(x, x)", "understood"),
        ] {
            let error = to_sql(condition, &["shop"]).expect_err("is refused").to_string();
            assert!(error.contains(part), "{condition}: {error}");
        }
    }

    #[test]
    fn text_cannot_leave_its_quotes() {
        assert_eq!(to_sql(r#"shop == "'; drop table x; --""#, &["shop"]).expect("is translated"), r#"("shop" = '''; drop table x; --')"#);
    }
}
