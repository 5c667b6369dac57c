//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them, said once.

use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Required, Response, ResponseBuilder};

use crate::caller::COOKIE;
use crate::routes::documented;
use crate::shapes::ProblemBody;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Laotie",
        description = "The open trust engine for live commerce: facts in, decisions and numbers that hold out.\n\n\
            Sign requests with an API key (`Authorization: Bearer lt_…`), or with the console's session cookie; changes through a session \
            need the header `X-Laotie-Csrf: 1`. What goes wrong is a problem (RFC 9457) whose `type` is stable and opens to an explanation. \
            Lists come in pages: ask with `next` as `after`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemBody)),
    tags(
        (name = "facts", description = "What happened, in and out"),
        (name = "evidence", description = "Files of evidence, by their hash"),
        (name = "webhooks", description = "Decisions, sent to those who asked for them"),
        (name = "orders", description = "Orders as of any time"),
        (name = "reports", description = "Reports over a whole market"),
        (name = "metrics", description = "Numbers with their definitions, and questions in SQL"),
        (name = "markets", description = "The markets of the server and how they are doing"),
        (name = "access", description = "Signing in, API keys"),
        (name = "service", description = "Health, measures, documentation")
    )
)]
struct Document;

/// The document before the routes stand in it.
pub(crate) fn bare() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme("api_key", SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()));
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))));
    document
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = documented(None).0.into_openapi();
    for (path, item) in &mut document.paths.paths {
        let named = path.starts_with("/v1/markets/{market}/");
        for operation in operations(item) {
            // The same operation stands under both prefixes and needs two ids.
            if let Some(id) = operation.operation_id.as_mut().filter(|_| named) {
                id.push_str("_in_market");
            }
            if named {
                operation.parameters.get_or_insert_default().push(RefOr::T(market()));
            }
            say_problems(operation, named);
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete, &mut item.patch].into_iter().flatten()
}

fn market() -> Parameter {
    ParameterBuilder::new()
        .name("market")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The market's name"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(Some("main".into()))
        .build()
}

/// Adds the problems that any guarded operation can have, and sends every problem as what it is.
fn say_problems(operation: &mut Operation, named: bool) {
    let guarded = operation.security.is_some();
    let responses = &mut operation.responses.responses;
    let mut add = |status: &str, description: &str, waits: bool| {
        responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(description, waits)));
    };
    if guarded {
        add("401", "No valid key or session came along", false);
        add("403", "No role of the caller may do this", false);
        add("429", "Too many requests", true);
        add("503", "Too much waits, the database does not answer, or the server is stopping", true);
    }
    if named {
        add("404", "There is no such market", false);
    }
    if guarded || named {
        add("500", "Something went wrong here", false);
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response
            && status.as_str() >= "400"
            && response.content.get("application/json").is_some_and(is_problem)
            && let Some(content) = response.content.swap_remove("application/json")
        {
            response.content.insert("application/problem+json".to_owned(), content);
        }
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    matches!(content, RefOr::T(Content { schema: Some(RefOr::Ref(reference)), .. }) if reference.ref_location.ends_with("/ProblemBody"))
}

fn problem(description: &str, waits: bool) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
    let response = ResponseBuilder::new().description(description).content("application/problem+json", content);
    let seconds = HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::Integer))).description(Some("Seconds to wait"));
    if waits { response.header("Retry-After", seconds.build()).build() } else { response.build() }
}
