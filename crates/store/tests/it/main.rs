//! One suite, both databases: what a store promises.

mod access;
mod durability;
mod guards;
mod journal;
mod lists;
mod migrations;
mod money;
mod place;
mod sample;
mod states;
mod turns;

/// Runs each story on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($area:ident :: $story:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $story() {
                crate::place::on_sqlite(async |place| crate::$area::$story(place).await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $story() {
                crate::place::on_postgres(stringify!($story), async |place| crate::$area::$story(place).await).await;
            })*
        }
    };
}

on_both! {
    journal::an_empty_market_has_an_empty_journal,
    journal::rows_read_back_as_they_were_written,
    journal::a_page_begins_behind_a_row_and_ends_at_its_limit,
    journal::a_history_holds_one_subject,
    journal::filters_narrow_and_combine,
    journal::identities_are_found_by_their_index,
    journal::twenty_thousand_rows_go_in_one_batch,
    journal::odd_characters_survive,
    states::a_state_is_put_and_replaced,
    states::the_last_word_in_a_batch_holds,
    states::states_come_in_order_of_key,
    states::a_batch_reads_what_was_committed_before_it,
    states::thousands_of_states_load_at_once,
    lists::a_list_is_paged_both_ways,
    lists::ties_are_broken_by_key,
    lists::an_entry_moves_when_its_sort_changes,
    lists::entries_go_and_may_come_back_in_one_batch,
    lists::lists_keep_to_their_owner,
    lists::deadlines_fall_due_in_order,
    lists::deadlines_are_moved_and_lifted,
    lists::the_outbox_forgets_what_was_sent,
    lists::tables_are_counted,
    turns::eight_writers_leave_no_gap,
    turns::two_programs_take_turns,
    turns::a_dropped_batch_changes_nothing_and_frees_the_head,
    turns::a_caller_that_goes_away_frees_the_head,
    turns::readers_are_served_while_writers_queue,
    turns::readers_do_not_see_an_open_batch,
    turns::a_failed_commit_writes_nothing,
    guards::rows_must_follow_the_head,
    guards::an_identity_is_recorded_once,
    guards::the_journal_is_append_only,
    guards::postings_are_append_only,
    guards::a_transfer_must_balance,
    guards::amounts_and_states_are_guarded,
    guards::a_broken_constraint_is_told_by_its_name,
    money::money_is_kept,
    money::thousands_of_postings_go_in_one_batch,
    access::a_key_is_found_by_its_secret,
    access::a_key_is_replaced_by_its_id,
    access::keys_are_listed_by_kind_in_order,
    access::of_many_removers_one_succeeds,
    access::two_keys_never_share_a_secret,
    durability::what_was_committed_is_there_after_reopening,
    durability::many_open_a_new_market_at_once,
    migrations::each_migration_keeps_what_was_there,
    migrations::a_store_from_the_future_is_refused,
    migrations::opening_again_changes_nothing,
}
