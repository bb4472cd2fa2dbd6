//! The grammar: one file for each part of it, one function for each production.

mod bodies;
mod composites;
mod heads;
mod logic;
mod modules;
mod rules;
mod terms;
