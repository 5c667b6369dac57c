//! The 24 kinds of breach in live selling.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// A kind of breach; the text form is the label of the corpus.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $text)] $name),+ }

        impl Code {
            /// All codes, in the order of the taxonomy.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// The label, such as `ABS`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }
        }
    };
}

codes! {
    /// Absolute claims.
    Absolute = "ABS",
    /// Disease claims for ordinary goods.
    Medical = "MED",
    /// Disease claims for food.
    FoodMedical = "FOODMED",
    /// Health functions that are not approved.
    Health = "HEALTH",
    /// Medical or unregistered cosmetic claims.
    Cosmetic = "COSM",
    /// False reference prices.
    Price = "PRICE",
    /// Fake scarcity or countdown.
    Scarcity = "SCAR",
    /// Faked sales or popularity.
    Sales = "SALES",
    /// Diversion off the platform.
    Divert = "DIVERT",
    /// Unprovable guarantees.
    Guarantee = "GUAR",
    /// Promises of return.
    Invest = "INVEST",
    /// State organs, leaders, emblems.
    State = "STATE",
    /// Disparagement.
    Disparage = "DISP",
    /// Material that differs.
    Material = "MATERIAL",
    /// Origin that differs.
    Origin = "ORIGIN",
    /// Certificates, tests, patents, prizes.
    Certificate = "CERT",
    /// Counterfeits and brand riding.
    Fake = "FAKE",
    /// Minors.
    Minor = "MINOR",
    /// Superstition.
    Superstition = "SUPER",
    /// Prize draws and gambling.
    Lottery = "LOTTERY",
    /// Induced engagement, trades, reviews.
    Induce = "INDUCE",
    /// False authority or testimonial.
    Authority = "AUTH",
    /// After-sale terms.
    AfterSale = "AFTER",
    /// Staged drama.
    Drama = "DRAMA",
}

impl Code {
    /// The code with this label, if there is one.
    pub fn named(label: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == label)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
