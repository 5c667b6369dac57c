//! The rulebook is compiled in: a document added or changed makes the crate anew.

fn main() {
    println!("cargo:rerun-if-changed=../../rulebook");
    println!("cargo:rerun-if-changed=build.rs");
}
