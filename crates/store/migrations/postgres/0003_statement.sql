-- An account's postings are read from the latest back, whatever their effective date.
create index posting_account_seq on posting (account, seq);
