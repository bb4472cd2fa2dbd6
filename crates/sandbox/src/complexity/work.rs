//! How much work the compiler has with one function.
//!
//! Where control flow divides or joins, the compiler looks at every value that is alive there, and what it does then
//! grows with the nesting. So the work is the sum, over all branches, of the nesting times the values alive: those on
//! the operand stack, which the validator knows, and the locals. A local is alive from its first use to its last. Where
//! that first use sets it and all others are in the same block, nothing before matters; otherwise the value that it had
//! before does, back to the beginning of the function. What is alive after a loop has begun and used in the loop is alive
//! until the loop ends, because the loop may begin again.
//!
//! Besides, the compiler keeps a table for each local, with a place for every stretch between branches up to the last
//! use: many short-lived locals in a long function are little work, and much memory.

use wasmparser::Operator;

/// The work in one function, counted operator by operator.
#[derive(Default)]
pub(super) struct Work {
    /// The sum over the branches so far of the nesting at each: the distance on which locals stay alive.
    place: u64,
    n_branches: u64,
    depth_max: u64,
    /// The values on the operand stack, summed over the branches.
    on_stack: u64,
    n_frames: u64,
    frames: Vec<Frame>,
    /// The depths of the open loops.
    open_loops: Vec<usize>,
    /// Where each loop ended, by its number.
    loop_ends: Vec<u64>,
    locals: Vec<Local>,
}

/// A block that is open.
struct Frame {
    number: u64,
    loop_number: Option<usize>,
}

/// A local and the stretch on which it is alive.
#[derive(Clone, Copy, Default)]
struct Local {
    /// The depth and the number of the block in which all of its uses are; none before the first.
    home: Option<(usize, u64)>,
    start: u64,
    last: u64,
    /// The outermost loop around the last use that began after the local was set.
    last_loop: Option<usize>,
    /// How many branches and blocks there were before the last use.
    n_places: u64,
}

impl Work {
    /// Begins a function with that many locals.
    pub(super) fn begin(&mut self, n_locals: usize) {
        let Work { mut frames, mut open_loops, mut loop_ends, mut locals, .. } =
            std::mem::take(self);
        frames.clear();
        open_loops.clear();
        loop_ends.clear();
        locals.clear();
        locals.resize(n_locals, Local::default());
        frames.push(Frame { number: 0, loop_number: None });
        *self = Work { frames, open_loops, loop_ends, locals, ..Work::default() };
    }

    /// Counts one operator; `n_stack` values are on the operand stack before it.
    pub(super) fn add(&mut self, op: &Operator<'_>, n_stack: u64) {
        match op {
            Operator::Block { .. } => self.open(false),
            Operator::If { .. } => {
                self.branch(1, n_stack);
                self.open(false);
            }
            Operator::Loop { .. } => {
                // The deadline is checked at the head of each loop, which is a branch of its own.
                self.branch(2, n_stack);
                self.open(true);
            }
            Operator::Else => {
                // What the first branch sets is not set in the second.
                self.close();
                self.open(false);
                self.branch(1, n_stack);
            }
            Operator::End => {
                self.branch(1, n_stack);
                self.close();
            }
            Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::Return
            | Operator::CallIndirect { .. }
            | Operator::TableGet { .. } => self.branch(1, n_stack),
            Operator::BrTable { targets } => self.branch(u64::from(targets.len()) + 1, n_stack),
            Operator::LocalGet { local_index } => self.touch(*local_index, false),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                self.touch(*local_index, true);
            }
            _ => {}
        }
    }

    /// The work of the function that has ended.
    pub(super) fn total(&self) -> u64 {
        let of_locals = self.locals.iter().map(|local| {
            let loop_end = local.last_loop.and_then(|number| self.loop_ends.get(number)).copied();
            loop_end.unwrap_or(0).max(local.last) - local.start
        });
        of_locals.fold(self.on_stack, u64::saturating_add)
    }

    /// How long the tables of all locals are together.
    pub(super) fn table_places(&self) -> u64 {
        self.locals.iter().map(|local| local.n_places).fold(0, u64::saturating_add)
    }

    /// How many branches the function has, and how deep they nest.
    pub(super) fn branches(&self) -> (u64, u64) {
        (self.n_branches, self.depth_max)
    }

    fn depth(&self) -> u64 {
        self.frames.len() as u64
    }

    fn branch(&mut self, n_edges: u64, n_stack: u64) {
        let distance = n_edges.saturating_mul(self.depth());
        self.n_branches += n_edges;
        self.depth_max = self.depth_max.max(self.depth());
        self.place = self.place.saturating_add(distance);
        self.on_stack = self.on_stack.saturating_add(distance.saturating_mul(n_stack));
    }

    fn open(&mut self, is_loop: bool) {
        self.n_frames += 1;
        let loop_number = is_loop.then_some(self.loop_ends.len());
        if is_loop {
            self.open_loops.push(self.frames.len());
            self.loop_ends.push(0);
        }
        self.frames.push(Frame { number: self.n_frames, loop_number });
    }

    fn close(&mut self) {
        let closed = self.frames.pop();
        if let Some(number) = closed.and_then(|frame| frame.loop_number) {
            self.open_loops.pop();
            if let Some(end) = self.loop_ends.get_mut(number) {
                *end = self.place;
            }
        }
    }

    fn touch(&mut self, local: u32, is_set: bool) {
        let innermost = self.frames.len().saturating_sub(1);
        let number_at = |depth: usize| self.frames.get(depth).map(|frame| frame.number);
        let n_places = self.n_branches + self.n_frames;
        let Some(local) = self.locals.get_mut(local as usize) else { return };
        local.n_places = n_places;
        match local.home {
            None if is_set => {
                local.home = Some((innermost, number_at(innermost).unwrap_or(0)));
                local.start = self.place;
            }
            Some((depth, number)) if number_at(depth) == Some(number) => {}
            _ => {
                local.home = Some((0, 0));
                local.start = 0;
            }
        }
        local.last = self.place;
        let home = local.home.map_or(0, |(depth, _)| depth);
        let outermost = self.open_loops.partition_point(|depth| *depth <= home);
        local.last_loop = self
            .open_loops
            .get(outermost)
            .and_then(|depth| self.frames.get(*depth))
            .and_then(|frame| frame.loop_number);
    }
}
