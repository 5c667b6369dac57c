-- Who may come in: API keys, console sessions and one-time sign-in links, each by the hash of its secret.
create table access (
    kind        text collate "C"    not null constraint access_kind_known check (kind in ('api_key', 'session', 'sign_in_link')),
    id          text collate "C"    not null,
    secret_hash text collate "C"    not null constraint access_hash_length check (length(secret_hash) = 64),
    party       text collate "C"    not null,
    roles       text collate "C"    not null,
    label       text collate "C"    not null,
    created     bigint not null,
    expires     bigint,
    constraint access_unique primary key (kind, id)
);
create unique index access_secret on access (kind, secret_hash);
