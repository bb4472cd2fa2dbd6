//! What the embedding library promises: verification before anything else, and decisions that never fall open.

mod decide;
mod load;
mod modules;
