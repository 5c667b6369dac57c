//! What the crate promises, told by its public surface.

mod packs;
mod properties;
mod scorer;
mod sentences;
