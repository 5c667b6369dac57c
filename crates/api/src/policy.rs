//! Who may do what: the Cedar policies of the rulebook.

use std::collections::HashMap;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request, RestrictedExpression,
};

const POLICIES: &str = include_str!("../../../rulebook/roles.cedar");

/// Compiled policies.
pub(crate) struct Policies {
    set: PolicySet,
    authorizer: Authorizer,
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let name = EntityTypeName::from_str(kind).expect("a plain name");
    EntityUid::from_type_name_and_id(name, EntityId::new(id))
}

impl Policies {
    /// The shipped policies.
    pub(crate) fn shipped() -> Self {
        let set = PolicySet::from_str(POLICIES).expect("rulebook/roles.cedar is tested");
        Self { set, authorizer: Authorizer::new() }
    }

    /// Whether a party with these roles may do this in a market. Anything unclear is a no.
    pub(crate) fn allow(&self, party: &str, roles: &[String], action: &str, market: &str) -> bool {
        let roles = RestrictedExpression::new_set(roles.iter().map(|r| RestrictedExpression::new_string(r.clone())));
        let (principal, resource) = (uid("Party", party), uid("Market", market));
        let Ok(entity) = Entity::new(principal.clone(), HashMap::from([("roles".to_owned(), roles)]), std::collections::HashSet::new())
        else {
            return false;
        };
        let Ok(entities) = Entities::from_entities([entity], None) else { return false };
        let Ok(request) = Request::new(principal, uid("Action", action), resource, Context::empty(), None) else { return false };
        self.authorizer.is_authorized(&request, &self.set, &entities).decision() == Decision::Allow
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cedar_policy::{Schema, ValidationMode, Validator};
    use serde_json::json;

    use super::*;
    use crate::routes::Guard;

    /// Actions that no policy names are the operator's alone.
    const OPERATOR_ONLY: [&str; 3] = ["manage_keys", "manage_webhooks", "run_payouts"];

    #[test]
    fn policies_and_routes_speak_of_the_same_actions() {
        let guarded = crate::routes::route_table().into_iter().filter_map(|route| match route.guard {
            Guard::Action(action) => Some(action),
            Guard::Public(_) => None,
        });
        let actions: BTreeSet<&str> = guarded.collect();
        let named: BTreeSet<&str> = POLICIES.split("Action::\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let with_operator: BTreeSet<&str> = named.iter().copied().chain(OPERATOR_ONLY).collect();
        assert_eq!(actions, with_operator);

        let applies = json!({ "appliesTo": { "principalTypes": ["Party"], "resourceTypes": ["Market"] } });
        let schema = json!({ "": {
            "entityTypes": {
                "Party": { "shape": { "type": "Record", "attributes": { "roles": { "type": "Set", "element": { "type": "String" } } } } },
                "Market": {}
            },
            "actions": actions.iter().map(|a| ((*a).to_owned(), applies.clone())).collect::<serde_json::Map<_, _>>()
        } });
        let validator = Validator::new(Schema::from_json_value(schema).expect("a schema"));
        let result = validator.validate(&Policies::shipped().set, ValidationMode::Strict);
        assert!(result.validation_passed(), "{result}");
        let roles: BTreeSet<&str> = POLICIES.split("contains(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(roles, BTreeSet::from(crate::access::ROLES), "a policy for every role, and for no other");
    }

    #[test]
    fn roles_may_do_what_they_are_for_and_no_more() {
        let policies = Policies::shipped();
        let may = |role: &str, action: &str| policies.allow("p", &[role.to_owned()], action, "main");
        assert!(may("sender", "record_facts") && !may("sender", "read_facts") && !may("sender", "ask_sql"));
        assert!(may("auditor", "read_facts") && !may("auditor", "record_facts"));
        assert!(may("engineer", "ask_sql") && !may("engineer", "manage_keys"));
        assert!(may("platform_operator", "manage_keys") && may("platform_operator", "record_facts"));
        assert!(!may("buyer", "read_facts") && !may("nobody", "read_metrics"));
        assert!(!policies.allow("p", &[], "read_metrics", "main"));
    }
}
