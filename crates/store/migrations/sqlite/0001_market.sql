-- The settled tables of a market: whatever system comes, it lives in these.
create table journal (
    seq       integer not null constraint journal_seq_unique primary key,
    seen      integer not null,
    at        integer not null,
    source    text    not null,
    key       text    not null,
    kind      text    not null,
    subject   text    not null,
    by        text,
    because   text    not null,
    rules     text    not null,
    body      text    not null,
    body_hash blob    not null constraint journal_body_hash_length check (length(body_hash) = 32),
    hash      blob    not null constraint journal_hash_length check (length(hash) = 32)
) strict;
create unique index journal_identity on journal (source, key);
create index journal_subject on journal (subject, seq);
create trigger journal_not_changed before update on journal begin select raise(abort, 'journal_append_only'); end;
create trigger journal_not_removed before delete on journal begin select raise(abort, 'journal_append_only'); end;

create table state (
    system text not null,
    key    text not null,
    body   text not null,
    constraint state_unique primary key (system, key)
) strict, without rowid;

create table posting (
    posting      text    not null constraint posting_unique primary key,
    transfer     text    not null,
    seq          integer not null,
    account      text    not null,
    currency     text    not null constraint posting_currency_iso check (length(currency) = 3),
    amount_minor integer not null constraint posting_amount_not_zero check (amount_minor <> 0),
    effective    integer not null,
    reverses     text
) strict, without rowid;
create index posting_account on posting (account, currency, effective);
create index posting_transfer on posting (transfer);
create trigger posting_not_changed before update on posting begin select raise(abort, 'posting_append_only'); end;
create trigger posting_not_removed before delete on posting begin select raise(abort, 'posting_append_only'); end;

create table balance (
    account      text    not null,
    currency     text    not null constraint balance_currency_iso check (length(currency) = 3),
    posted_minor integer not null,
    held_minor   integer not null constraint balance_held_not_negative check (held_minor >= 0),
    floor_minor  integer,
    constraint balance_unique primary key (account, currency),
    constraint balance_above_floor check (floor_minor is null or posted_minor - held_minor >= floor_minor)
) strict, without rowid;

create table hold (
    hold         text    not null constraint hold_unique primary key,
    account      text    not null,
    currency     text    not null constraint hold_currency_iso check (length(currency) = 3),
    amount_minor integer not null constraint hold_amount_positive check (amount_minor > 0),
    state        text    not null constraint hold_state_known check (state in ('held', 'released', 'taken')),
    seq          integer not null
) strict, without rowid;

create table deadline (
    system  text    not null,
    key     text    not null,
    purpose text    not null,
    due     integer not null,
    constraint deadline_unique primary key (system, key, purpose)
) strict, without rowid;
create index deadline_due on deadline (due);

create table outbox (
    id     integer not null constraint outbox_unique primary key autoincrement,
    seq    integer not null,
    target text    not null,
    body   text    not null,
    sent   integer not null default 0 constraint outbox_sent_flag check (sent in (0, 1))
) strict;
create index outbox_waiting on outbox (id) where sent = 0;

create table listing (
    view  text not null,
    owner text not null,
    key   text not null,
    sort  text not null,
    body  text not null,
    constraint listing_unique primary key (view, owner, key)
) strict, without rowid;
create index listing_order on listing (view, owner, sort, key);
