-- The settled tables of a market: whatever system comes, it lives in these.
create table journal (
    seq       bigint not null constraint journal_seq_unique primary key,
    seen      bigint not null,
    at        bigint not null,
    source    text collate "C"    not null,
    key       text collate "C"    not null,
    kind      text collate "C"    not null,
    subject   text collate "C"    not null,
    by        text,
    because   text collate "C"    not null,
    rules     text collate "C"    not null,
    body      text collate "C"    not null,
    body_hash bytea    not null constraint journal_body_hash_length check (length(body_hash) = 32),
    hash      bytea    not null constraint journal_hash_length check (length(hash) = 32)
);
create unique index journal_identity on journal (source, key);
create index journal_subject on journal (subject, seq);
create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'append only' using constraint = tg_argv[0]; end $$;
create trigger journal_append_only before update or delete on journal for each row execute function refuse_change('journal_append_only');
create trigger journal_not_emptied before truncate on journal for each statement execute function refuse_change('journal_append_only');

create table state (
    system text collate "C" not null,
    key    text collate "C" not null,
    body   text collate "C" not null,
    constraint state_unique primary key (system, key)
);

create table posting (
    posting      text collate "C"    not null constraint posting_unique primary key,
    transfer     text collate "C"    not null,
    seq          bigint not null,
    account      text collate "C"    not null,
    currency     text collate "C"    not null constraint posting_currency_iso check (length(currency) = 3),
    amount_minor bigint not null constraint posting_amount_not_zero check (amount_minor <> 0),
    effective    bigint not null,
    reverses     text
);
create index posting_account on posting (account, currency, effective);
create index posting_transfer on posting (transfer);
create trigger posting_append_only before update or delete on posting for each row execute function refuse_change('posting_append_only');
create trigger posting_not_emptied before truncate on posting for each statement execute function refuse_change('posting_append_only');

create table balance (
    account      text collate "C"    not null,
    currency     text collate "C"    not null constraint balance_currency_iso check (length(currency) = 3),
    posted_minor bigint not null,
    held_minor   bigint not null constraint balance_held_not_negative check (held_minor >= 0),
    floor_minor  bigint,
    constraint balance_unique primary key (account, currency),
    constraint balance_above_floor check (floor_minor is null or posted_minor - held_minor >= floor_minor)
);

create table hold (
    hold         text collate "C"    not null constraint hold_unique primary key,
    account      text collate "C"    not null,
    currency     text collate "C"    not null constraint hold_currency_iso check (length(currency) = 3),
    amount_minor bigint not null constraint hold_amount_positive check (amount_minor > 0),
    state        text collate "C"    not null constraint hold_state_known check (state in ('held', 'released', 'taken')),
    seq          bigint not null
);

create table deadline (
    system  text collate "C"    not null,
    key     text collate "C"    not null,
    purpose text collate "C"    not null,
    due     bigint not null,
    constraint deadline_unique primary key (system, key, purpose)
);
create index deadline_due on deadline (due);

create table outbox (
    id     bigint generated always as identity constraint outbox_unique primary key,
    seq    bigint not null,
    target text collate "C"    not null,
    body   text collate "C"    not null,
    sent   boolean not null default false
);
create index outbox_waiting on outbox (id) where not sent;

create table listing (
    view  text collate "C" not null,
    owner text collate "C" not null,
    key   text collate "C" not null,
    sort  text collate "C" not null,
    body  text collate "C" not null,
    constraint listing_unique primary key (view, owner, key)
);
create index listing_order on listing (view, owner, sort, key);

-- The end of the chain; whoever writes holds this row, so that several processes take turns.
create table chain_head (
    one  boolean not null default true constraint chain_head_single primary key constraint chain_head_one check (one),
    seq  bigint  not null,
    hash bytea   not null,
    seen bigint  not null
);
insert into chain_head (seq, hash, seen) values (0, decode(repeat('00', 32), 'hex'), 0);
