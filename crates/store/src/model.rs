//! What goes in and out of the tables.

use laotie_facts::{JournalRow, Timestamp};

/// The end of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Sequence number of the last row; 0 when there is none.
    pub seq: i64,
    /// Its hash; zeroes when there is none.
    pub hash: [u8; 32],
    /// Its `seen`; the epoch when there is none. The next row's is never before it.
    pub seen: Timestamp,
}

/// What is known of a recorded identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Index into the identities asked for.
    pub index: usize,
    /// Where it stands.
    pub seq: i64,
    /// Its kind.
    pub kind: String,
    /// Its time.
    pub at: Timestamp,
    /// SHA-256 of its body.
    pub body_hash: [u8; 32],
}

/// Names a state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateKey {
    /// The system.
    pub system: String,
    /// Its key.
    pub key: String,
}

/// A state as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateRow {
    /// The system.
    pub system: String,
    /// Its key.
    pub key: String,
    /// Canonical JSON.
    pub body: String,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingRow {
    /// Which list.
    pub view: String,
    /// Whose list; empty for the market's.
    pub owner: String,
    /// Sorted by this, then by key.
    pub sort: String,
    /// What the row stands for; unique within `(view, owner)`.
    pub key: String,
    /// Canonical JSON.
    pub body: String,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingPage {
    /// Which list.
    pub view: String,
    /// Whose list.
    pub owner: String,
    /// `(sort, key)` of the row before the page.
    pub after: Option<(String, String)>,
    /// The greatest first.
    pub descending: bool,
    /// Rows at most.
    pub limit: usize,
}

/// A filter over the journal; `None` passes all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Of this source.
    pub source: Option<String>,
    /// With this key (needs a source).
    pub key: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// In this subject's history.
    pub subject: Option<String>,
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeadlineRow {
    /// The system that set it.
    pub system: String,
    /// The state that it belongs to.
    pub key: String,
    /// What is to happen by then; unique within `(system, key)`.
    pub purpose: String,
    /// When it falls due.
    pub due: Timestamp,
}

/// A message on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Place in the outbox; ignored when written.
    pub id: i64,
    /// The fact that caused it.
    pub seq: i64,
    /// To whom.
    pub target: String,
    /// The message.
    pub body: String,
}

/// A posting: one side of a balanced transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingRow {
    /// The posting.
    pub posting: String,
    /// The transfer it belongs to; the amounts of a transfer add up to zero.
    pub transfer: String,
    /// The fact that caused it.
    pub seq: i64,
    /// The account.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// Positive in, negative out.
    pub amount_minor: i64,
    /// When it takes effect.
    pub effective: Timestamp,
    /// The posting that this one reverses.
    pub reverses: Option<String>,
}

/// An account's balance after the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceRow {
    /// The account.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// Sum of its postings.
    pub posted_minor: i64,
    /// Sum of its open holds.
    pub held_minor: i64,
    /// What `posted - held` may not fall below; `None` for no floor.
    pub floor_minor: Option<i64>,
}

/// The books of a currency, summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalance {
    /// The currency.
    pub currency: String,
    /// Accounts in it.
    pub accounts: i64,
    /// Postings in it.
    pub postings: i64,
    /// Sum of all balances; zero when the books balance.
    pub balances_minor: i64,
    /// Sum of all postings; zero when they balance.
    pub postings_minor: i64,
    /// Accounts whose balance is not the sum of their postings.
    pub differing: i64,
}

/// A hold on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRow {
    /// The hold.
    pub hold: String,
    /// The account.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// How much; positive.
    pub amount_minor: i64,
    /// `held`, `released` or `taken`.
    pub state: String,
    /// The fact that opened or closed it last.
    pub seq: i64,
}

/// All that one batch writes.
///
/// What is to go goes first, then the new rows are put; of two rows with the same key the later one holds.
#[derive(Debug, Clone, Default)]
pub struct Writes {
    /// New journal rows, in order, starting right behind the head.
    pub rows: Vec<JournalRow>,
    /// States to put; an existing one is replaced.
    pub states: Vec<StateRow>,
    /// List rows to put; one with the same `(view, owner, key)` is replaced.
    pub listings: Vec<ListingRow>,
    /// List rows to remove, by `(view, owner, key)`.
    pub listings_gone: Vec<(String, String, String)>,
    /// Deadlines to set; one with the same `(system, key, purpose)` is replaced.
    pub deadlines: Vec<DeadlineRow>,
    /// Deadlines to remove, by `(system, key, purpose)`.
    pub deadlines_gone: Vec<(String, String, String)>,
    /// Messages to send.
    pub outbox: Vec<OutboxRow>,
    /// Postings; never changed once written.
    pub postings: Vec<PostingRow>,
    /// Balances to put.
    pub balances: Vec<BalanceRow>,
    /// Holds to put.
    pub holds: Vec<HoldRow>,
}

impl Writes {
    /// Rows written to all tables.
    pub fn len(&self) -> usize {
        self.rows.len()
            + self.states.len()
            + self.listings.len()
            + self.deadlines.len()
            + self.outbox.len()
            + self.postings.len()
            + self.balances.len()
            + self.holds.len()
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What an access row is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessKind {
    /// A key that programs send.
    ApiKey,
    /// A console session.
    Session,
    /// A one-time sign-in link.
    SignInLink,
}

impl AccessKind {
    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Session => "session",
            Self::SignInLink => "sign_in_link",
        }
    }
}

/// Who may come in: never the secret, only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// What it is.
    pub kind: AccessKind,
    /// Its public id.
    pub id: String,
    /// Hex SHA-256 of the secret (secrets are 256 random bits, so no slow hash is needed).
    pub secret_hash: String,
    /// The party that it stands for.
    pub party: String,
    /// Roles, as a JSON array.
    pub roles: String,
    /// A label for people.
    pub label: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Option<Timestamp>,
}
