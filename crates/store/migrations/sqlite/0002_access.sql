-- Who may come in: API keys, console sessions and one-time sign-in links, each by the hash of its secret.
create table access (
    kind        text    not null constraint access_kind_known check (kind in ('api_key', 'session', 'sign_in_link')),
    id          text    not null,
    secret_hash text    not null constraint access_hash_length check (length(secret_hash) = 64),
    party       text    not null,
    roles       text    not null,
    label       text    not null,
    created     integer not null,
    expires     integer,
    constraint access_unique primary key (kind, id)
) strict, without rowid;
create unique index access_secret on access (kind, secret_hash);
