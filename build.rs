//! Rebuilds when a migration is added: the macro that embeds them does not watch its folder.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=assets");
}
