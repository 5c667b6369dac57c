//! The one table of routes: method, path, right and schema, or it is no route.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse;
use utoipa::openapi::path::Operation;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::app::App;
use crate::caller::guard;
use crate::problem::Problem;
use crate::{
    accounts, claims, console, evidence, facts, keys, metrics, openapi, orders, payouts, penalties, plans, reports, rules, service,
    session, shows, speech, statements, status, webhooks,
};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Callers whose roles permit this action.
    Action(&'static str),
    /// Anybody, for this reason.
    Public(&'static str),
}

/// A route of the table.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its method.
    pub method: String,
    /// Its path, with `{name}` for what varies.
    pub path: String,
    /// Who may use it.
    pub guard: Guard,
    /// Whether it is part of the documented API, and no page for people.
    pub api: bool,
}

/// Routes of one prefix, each with its right.
struct Routes {
    app: Option<App>,
    router: OpenApiRouter<App>,
    table: Vec<Route>,
}

impl Routes {
    fn new(app: Option<App>) -> Self {
        Self { app, router: OpenApiRouter::new(), table: Vec::new() }
    }

    /// Adds a route: a documented handler (only those make a `UtoipaMethodRouter`) and who may use it.
    fn add(mut self, guarded: Guard, (schemas, paths, handler): UtoipaMethodRouter<App>) -> Self {
        for (path, item) in &paths.paths {
            let operations: [(&str, &Option<Operation>); 5] =
                [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete), ("PATCH", &item.patch)];
            for (method, operation) in operations {
                if operation.is_some() {
                    self.table.push(Route { method: method.to_owned(), path: path.clone(), guard: guarded, api: true });
                }
            }
        }
        let handler = match (guarded, &self.app) {
            (Guard::Action(action), Some(app)) => {
                let check = move |state: State<App>, request: Request, next: Next| guard(state, action, request, next);
                handler.layer(from_fn_with_state(app.clone(), check))
            }
            _ => handler,
        };
        self.router = self.router.routes((schemas, paths, handler));
        self
    }

    /// Names a page for people that `router` serves beside the API: files alone, with a reason to be public.
    fn page(mut self, path: &str, reason: &'static str) -> Self {
        self.table.push(Route { method: "GET".to_owned(), path: path.to_owned(), guard: Guard::Public(reason), api: false });
        self
    }
}

/// Routes about one market, under `/v1/markets/{market}` and, for the main one, `/v1`.
fn market_routes(app: Option<App>) -> Routes {
    use Guard::{Action, Public};
    Routes::new(app)
        .add(Action("record_facts"), routes!(facts::record))
        .add(Action("read_facts"), routes!(facts::list))
        .add(Action("record_facts"), routes!(facts::webhook))
        .add(Action("read_orders"), routes!(orders::list))
        .add(Action("read_orders"), routes!(orders::one))
        .add(Action("read_claims"), routes!(claims::card))
        .add(Action("read_claims"), routes!(claims::list))
        .add(Action("read_claims"), routes!(claims::one))
        .add(Action("read_board"), routes!(claims::public))
        .add(Action("open_claims"), routes!(claims::open))
        .add(Action("answer_claims"), routes!(claims::answer))
        .add(Action("open_claims"), routes!(claims::accept))
        .add(Action("open_claims"), routes!(claims::withdraw))
        .add(Action("review_cases"), routes!(claims::review))
        .add(Action("open_appeals"), routes!(claims::appeal))
        .add(Action("read_all_accounts"), routes!(accounts::list))
        .add(Action("read_accounts"), routes!(accounts::one))
        .add(Action("read_accounts"), routes!(accounts::postings))
        .add(Action("read_all_accounts"), routes!(accounts::trial_balance))
        .add(Action("read_all_accounts"), routes!(accounts::debts))
        .add(Action("withdraw"), routes!(accounts::withdraw))
        .add(Action("run_payouts"), routes!(payouts::due))
        .add(Action("run_payouts"), routes!(payouts::run))
        .add(Action("read_accounts"), routes!(statements::list))
        .add(Action("read_accounts"), routes!(statements::one))
        .add(Action("plan_debts"), routes!(plans::propose))
        .add(Action("plan_debts"), routes!(plans::agree))
        .add(Action("read_board"), routes!(penalties::board))
        .add(Action("read_standing"), routes!(penalties::one))
        .add(Action("read_board"), routes!(penalties::badges))
        .add(Action("read_standing"), routes!(penalties::badge_progress))
        .add(Action("read_cases"), routes!(penalties::cases))
        .add(Action("read_reports"), routes!(reports::cost))
        .add(Action("read_reports"), routes!(reports::same_penalties))
        .add(Action("read_standing"), routes!(penalties::party))
        .add(Action("read_rules"), routes!(rules::list))
        .add(Action("read_rules"), routes!(rules::one))
        .add(Action("preview_rules"), routes!(rules::preview_change))
        .add(Action("propose_rules"), routes!(rules::propose))
        .add(Action("read_rules"), routes!(rules::proposals))
        .add(Action("approve_rules"), routes!(rules::approve))
        .add(Action("read_shows"), routes!(shows::list))
        .add(Action("read_shows"), routes!(shows::one))
        .add(Action("read_shows"), routes!(shows::events))
        .add(Action("read_shows"), routes!(shows::stream::stream))
        .add(Action("read_shows"), routes!(shows::case::case))
        .add(Action("answer_nudges"), routes!(shows::answer))
        .add(Action("check_speech"), routes!(speech::check))
        .add(Action("check_speech"), routes!(speech::brief))
        .add(Action("read_speech_rules"), routes!(speech::rules))
        .add(Action("give_evidence"), routes!(evidence::give))
        .add(Action("give_evidence"), routes!(evidence::give_for_claim))
        .add(Action("read_evidence"), routes!(evidence::one))
        .add(Action("manage_webhooks"), routes!(webhooks::routes::list))
        .add(Action("manage_webhooks"), routes!(webhooks::routes::create))
        .add(Action("manage_webhooks"), routes!(webhooks::routes::remove))
        .add(Action("manage_webhooks"), routes!(webhooks::routes::test))
        .add(Action("manage_webhooks"), routes!(webhooks::routes::dead_letters))
        .add(Action("manage_webhooks"), routes!(webhooks::routes::retry))
        .add(Action("read_metrics"), routes!(metrics::list))
        .add(Action("read_metrics"), routes!(metrics::one))
        .add(Action("ask_sql"), routes!(metrics::sql))
        .add(Action("read_status"), routes!(status::status))
        .add(Action("read_schema"), routes!(service::schemas))
        .add(Action("read_schema"), routes!(service::schema))
        .add(Action("use_session"), routes!(session::who))
        .add(Public("a sign-in link is its own proof"), routes!(session::sign_in))
        .add(Action("use_session"), routes!(session::sign_out))
        .add(Action("manage_keys"), routes!(keys::list))
        .add(Action("manage_keys"), routes!(keys::create))
        .add(Action("manage_keys"), routes!(keys::revoke))
}

/// Routes about the server.
fn server_routes(app: Option<App>) -> Routes {
    use Guard::{Action, Public};
    Routes::new(app)
        .add(Action("read_markets"), routes!(status::markets))
        .add(Public("for probes; says only that the server lives"), routes!(service::health))
        .add(Public("for probes; says only whether the server can work"), routes!(service::ready))
        .add(Action("read_measures"), routes!(service::measures))
        .add(Public("documentation; the program is open source"), routes!(service::document))
        .add(Public("a problem's type must open for everybody who meets it"), routes!(service::problem_page))
        .page("/docs", "documentation; the program is open source")
        .page("/docs/{*file}", "documentation; the program is open source")
        .page("/{*page}", "the console's files, the sign-in page among them; they hold no data")
}

pub(crate) fn documented(app: Option<App>) -> (OpenApiRouter<App>, Vec<Route>) {
    let under = |prefix: &str, table: &[Route]| -> Vec<Route> {
        table.iter().map(|r| Route { path: format!("{prefix}{}", r.path), ..r.clone() }).collect()
    };
    let (server, named, short) = (server_routes(app.clone()), market_routes(app.clone()), market_routes(app));
    let mut table = server.table.clone();
    table.extend(under("/v1/markets/{market}", &named.table));
    table.extend(under("/v1", &short.table));
    let router = OpenApiRouter::with_openapi(openapi::bare())
        .merge(server.router)
        .nest("/v1/markets/{market}", named.router)
        .nest("/v1", short.router);
    (router, table)
}

/// Every route with its right, as the router has it.
pub fn route_table() -> Vec<Route> {
    documented(None).1
}

/// Every action that a route asks for.
pub(crate) fn actions() -> &'static BTreeSet<&'static str> {
    static ACTIONS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    ACTIONS.get_or_init(|| {
        let guarded = route_table().into_iter().filter_map(|route| match route.guard {
            Guard::Action(action) => Some(action),
            Guard::Public(_) => None,
        });
        guarded.collect()
    })
}

/// The router of a server: the table, the documentation's page and the console.
pub fn router(app: App) -> Router {
    let (router, _) = documented(Some(app.clone())).0.split_for_parts();
    let crashed = |_: Box<dyn Any + Send>| Problem::crashed().into_response();
    router
        .merge(utoipa_swagger_ui::SwaggerUi::new("/docs").config(utoipa_swagger_ui::Config::from("/openapi.json")))
        .method_not_allowed_fallback(|| async { Problem::no_such_method() })
        .fallback(console::serve)
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(crashed))
        .layer(axum::middleware::from_fn(service::measure))
        .layer(axum::middleware::from_fn(console::security_headers))
        .layer(tower_http::compression::CompressionLayer::new())
        .with_state(app)
}
