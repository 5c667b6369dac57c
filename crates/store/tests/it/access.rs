//! Keys, sessions and sign-in links.

use laotie_store::{AccessKind, AccessRow, StoreError};

use crate::place::Place;
use crate::sample::at;

fn access(kind: AccessKind, id: &str, digit: char) -> AccessRow {
    AccessRow {
        kind,
        id: id.to_owned(),
        secret_hash: digit.to_string().repeat(64),
        party: "desk-1".to_owned(),
        roles: r#"["auditor"]"#.to_owned(),
        label: "审计".to_owned(),
        created: at(10),
        expires: (digit == 'e').then(|| at(20)),
    }
}

pub(crate) async fn a_key_is_found_by_its_secret(place: Place) {
    let store = place.open().await;
    let (key, session) = (access(AccessKind::ApiKey, "k-1", 'a'), access(AccessKind::Session, "s-1", 'e'));
    store.access_put(&key).await.expect("keeps");
    store.access_put(&session).await.expect("keeps");
    let find = async |kind, hash: &str| store.access_by_hash(kind, hash).await.expect("finds");
    assert_eq!(find(AccessKind::ApiKey, &key.secret_hash).await, Some(key.clone()));
    assert_eq!(find(AccessKind::Session, &session.secret_hash).await, Some(session));
    assert_eq!(find(AccessKind::Session, &key.secret_hash).await, None, "a key opens no session");
    assert_eq!(find(AccessKind::ApiKey, "").await, None);
}

pub(crate) async fn a_key_is_replaced_by_its_id(place: Place) {
    let store = place.open().await;
    let (old, new) = (access(AccessKind::ApiKey, "k-1", 'a'), access(AccessKind::ApiKey, "k-1", 'e'));
    store.access_put(&old).await.expect("keeps");
    store.access_put(&new).await.expect("replaces");
    assert_eq!(store.access_list(AccessKind::ApiKey).await.expect("lists"), [new]);
    assert_eq!(store.access_by_hash(AccessKind::ApiKey, &old.secret_hash).await.expect("finds"), None);
}

pub(crate) async fn keys_are_listed_by_kind_in_order(place: Place) {
    let store = place.open().await;
    for (id, digit) in [("k-2", '2'), ("k-10", '1'), ("K-3", '3')] {
        store.access_put(&access(AccessKind::ApiKey, id, digit)).await.expect("keeps");
    }
    store.access_put(&access(AccessKind::SignInLink, "l-1", '4')).await.expect("keeps");
    let listed: Vec<String> = store.access_list(AccessKind::ApiKey).await.expect("lists").into_iter().map(|a| a.id).collect();
    assert_eq!(listed, ["K-3", "k-10", "k-2"]);
    assert!(store.access_list(AccessKind::Session).await.expect("lists").is_empty());
}

pub(crate) async fn of_many_removers_one_succeeds(place: Place) {
    let stores = [place.open().await, place.open().await];
    for round in 0..10 {
        let id = format!("l-{round}");
        stores[0].access_put(&access(AccessKind::SignInLink, &id, char::from(b'0' + round))).await.expect("keeps");
        let removers: Vec<_> = (0..8)
            .map(|n| {
                let (store, id) = (stores[n % 2].clone(), id.clone());
                tokio::spawn(async move { store.access_remove(AccessKind::SignInLink, &id).await.expect("removes") })
            })
            .collect();
        let mut won = 0;
        for remover in removers {
            won += usize::from(remover.await.expect("no panic"));
        }
        assert_eq!(won, 1, "a one-time link is used once");
        assert!(!stores[1].access_remove(AccessKind::SignInLink, &id).await.expect("removes"));
    }
}

pub(crate) async fn two_keys_never_share_a_secret(place: Place) {
    let store = place.open().await;
    store.access_put(&access(AccessKind::ApiKey, "k-1", 'a')).await.expect("keeps");
    match store.access_put(&access(AccessKind::ApiKey, "k-2", 'a')).await {
        Err(StoreError::Constraint { constraint, .. }) => assert_eq!(constraint, "access_secret"),
        other => panic!("the secret is taken: {other:?}"),
    }
    assert_eq!(store.access_list(AccessKind::ApiKey).await.expect("lists").len(), 1);
}
