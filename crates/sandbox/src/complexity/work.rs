//! How much work the compiler has with one function.
//!
//! Where control flow divides or joins, the compiler looks at every value that is alive there, and what it does then
//! grows with the nesting. So the work is the sum, over all branches, of the nesting times the values alive: those on
//! the operand stack, which the validator knows, and the locals.
//!
//! A local is used for many values, each alive on a [`Stretch`]: from where it is set to its last use. Whatever comes
//! behind the set in the same block, inner blocks included, can be reached only through the set: such a use means that
//! value or one that was set later, and nothing before. When the block has ended, a use means again what was set in a
//! block around it, or what the local had when the function began. What is used in a loop that began behind the set is
//! alive until the loop ends, because the loop may begin again. Code between the stretches of a local costs nothing.
//!
//! What is set in inner blocks and used behind them, or when a loop begins again, is joined with what was there before;
//! so is what blocks leave on the operand stack. The compiler tries to keep all that is joined in one place, for which it
//! takes time with the square of the sets. Each loop checks the deadline, which is in a variable of the compiler's own
//! that every check may set again; so the loops of a function are joined too.
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
    /// The values that blocks leave there or loops begin with, and how many such blocks there are.
    n_left: u64,
    n_leaving: u64,
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

/// A local and the stretches on which it is alive.
#[derive(Clone, Default)]
struct Local {
    /// Those that may go on, each begun in a block inside the one before. Below them is the one that begins with the
    /// function, where it was used.
    open: Vec<Stretch>,
    /// The work with the others.
    ended: u64,
    n_sets: u64,
    /// How many branches and blocks there were before the last use.
    n_places: u64,
}

/// Where a value is alive.
#[derive(Clone, Copy, Default)]
struct Stretch {
    /// The block in which the local is set; the function itself where it is not.
    home: Home,
    start: u64,
    last: u64,
    /// The outermost loop around the last use that began after the local was set.
    last_loop: Option<usize>,
    /// What [`Local::ended`] and [`Local::n_sets`] were at the start.
    ended_before: u64,
    n_sets_before: u64,
    /// How many sets in inner blocks there are before its last use, if no loop is around that.
    n_joined: u64,
}

/// A block, by its depth and its number.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Home {
    depth: usize,
    number: u64,
}

/// The work with loops, for the square of their number: 1,400 loops take 3 seconds and up to 300 MB.
const LOOP_WORK: u64 = 16;

/// The part of the square of the sets that are joined which is work: 8,000 take 6 seconds.
const JOINED_PART: u64 = 2;

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

    /// Counts a block that leaves that many values on the operand stack, or a loop that begins with them.
    pub(super) fn leave(&mut self, n_values: u64) {
        self.n_left += n_values;
        self.n_leaving += u64::from(n_values > 0);
    }

    /// The work of the function that has ended.
    pub(super) fn total(&self) -> u64 {
        let of_locals = self.locals.iter().map(|local| {
            let open = local.open.iter().map(|it| it.work(&self.loop_ends, local.n_sets));
            open.fold(local.ended, u64::saturating_add)
        });
        let n_loops = self.loop_ends.len() as u64;
        let of_loops = n_loops.saturating_mul(n_loops).saturating_mul(LOOP_WORK);
        let of_blocks = self.n_left.saturating_mul(self.n_leaving) / JOINED_PART;
        of_locals
            .fold(self.on_stack, u64::saturating_add)
            .saturating_add(of_loops)
            .saturating_add(of_blocks)
    }

    /// How long the tables of all locals are together.
    pub(super) fn table_places(&self) -> u64 {
        self.locals.iter().map(|local| local.n_places).fold(0, u64::saturating_add)
    }

    /// How many branches and loops the function has, and how deep they nest.
    pub(super) fn shape(&self) -> (u64, usize, u64) {
        (self.n_branches, self.loop_ends.len(), self.depth_max)
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
        let Some(local) = self.locals.get_mut(local as usize) else { return };
        local.n_places = self.n_branches + self.n_frames;
        let frames = &self.frames;
        let depth = frames.len().saturating_sub(1);
        let number_at = |depth: usize| frames.get(depth).map_or(0, |frame| frame.number);
        let here = Home { depth, number: number_at(depth) };
        let is_over = |stretch: &mut Stretch| {
            number_at(stretch.home.depth) != stretch.home.number || (is_set && stretch.home == here)
        };
        while let Some(over) = local.open.pop_if(is_over) {
            local.ended = local.ended.saturating_add(over.work(&self.loop_ends, local.n_sets));
        }
        if is_set {
            local.n_sets += 1;
            local.open.push(Stretch {
                home: here,
                start: self.place,
                last: self.place,
                ended_before: local.ended,
                n_sets_before: local.n_sets,
                ..Stretch::default()
            });
            return;
        }
        if local.open.is_empty() {
            local.open.push(Stretch::default());
        }
        let Some(stretch) = local.open.last_mut() else { return };
        stretch.last = self.place;
        let outermost = self.open_loops.partition_point(|depth| *depth <= stretch.home.depth);
        let frame = self.open_loops.get(outermost).and_then(|depth| frames.get(*depth));
        stretch.last_loop = frame.and_then(|frame| frame.loop_number);
        // Those that ended meanwhile lie inside of it.
        local.ended = stretch.ended_before;
        stretch.n_joined = local.n_sets - stretch.n_sets_before;
    }
}

impl Stretch {
    /// How long it is, once the loop around its last use has ended, and the work of joining. `n_sets` is how many sets of
    /// the local there are before that.
    fn work(&self, loop_ends: &[u64], n_sets: u64) -> u64 {
        let loop_end = self.last_loop.and_then(|number| loop_ends.get(number)).copied();
        let length = loop_end.unwrap_or(0).max(self.last) - self.start;
        let n_joined = match loop_end {
            Some(_) => n_sets - self.n_sets_before,
            None => self.n_joined,
        };
        length.saturating_add(n_joined.saturating_mul(n_joined) / JOINED_PART)
    }
}
