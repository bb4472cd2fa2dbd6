//! Tokens to templates.

use super::ast::{Command, Control, Node, Operand, OperandKind, Pipeline, Templates};
use super::lexer::{Fault, Kind, Token, tokens};
use super::{functions, number};

/// How deep actions and parentheses may nest.
const DEPTH_MAX: usize = 100;

/// The name of the template that is rendered.
pub(super) const MAIN: &str = "template";

/// The templates in a text, or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Templates, String> {
    let (tokens, fault) = tokens(text);
    let mut parser = Parser {
        tokens,
        fault,
        at: 0,
        templates: Templates::new(),
        variables: vec!["$".to_owned()],
        n_ranges: 0,
        depth: 0,
    };
    let (nodes, end) = parser.list(true)?;
    if end != End::OfText {
        return parser.error(&["unexpected ", end.name()].concat());
    }
    parser.add(MAIN.to_owned(), nodes)?;
    Ok(parser.templates)
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    /// What is wrong with the text behind the last token.
    fault: Option<Fault>,
    at: usize,
    templates: Templates,
    variables: Vec<String>,
    n_ranges: usize,
    depth: usize,
}

/// What a list of nodes ended with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    OfText,
    OfBody,
    Else,
}

impl End {
    fn name(self) -> &'static str {
        match self {
            End::OfText => "EOF",
            End::OfBody => "{{end}}",
            End::Else => "{{else}}",
        }
    }
}

const END: Token<'static> = Token { kind: Kind::End, text: "", start: 0, line: 0 };

impl<'a> Parser<'a> {
    fn error<T>(&self, message: &str) -> Result<T, String> {
        let line = self.tokens.get(self.at.saturating_sub(1)).map_or(1, |it| it.line);
        Err(format!("template: {MAIN}:{line}: {message}"))
    }

    /// The token at a distance; the fault where the tokens end with one.
    fn token(&self, ahead: usize) -> Result<Token<'a>, String> {
        match (self.tokens.get(self.at + ahead), &self.fault) {
            (Some(token), _) => Ok(token.clone()),
            (None, Some(fault)) => {
                Err(format!("template: {MAIN}:{}: {}", fault.line, fault.message))
            }
            (None, None) => Ok(END),
        }
    }

    fn peek(&self) -> Result<Token<'a>, String> {
        self.token(0)
    }

    fn next(&mut self) -> Result<Token<'a>, String> {
        let token = self.peek()?;
        self.at += 1;
        Ok(token)
    }

    fn skip_space(&mut self) -> Result<(), String> {
        if self.peek()?.kind == Kind::Space {
            self.at += 1;
        }
        Ok(())
    }

    fn next_word(&mut self) -> Result<Token<'a>, String> {
        self.skip_space()?;
        self.next()
    }

    fn unexpected<T>(&self, token: &Token<'_>, context: &str) -> Result<T, String> {
        let shown = match token.kind {
            Kind::End => "EOF".to_owned(),
            Kind::Word if is_keyword(token.text) => ["<", token.text, ">"].concat(),
            _ => ["\"", &token.text.replace('"', "\\\""), "\""].concat(),
        };
        self.error(&["unexpected ", &shown, " in ", context].concat())
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<(), String> {
        let token = self.next_word()?;
        if token.kind == kind { Ok(()) } else { self.unexpected(&token, context) }
    }

    fn add(&mut self, name: String, nodes: Vec<Node>) -> Result<(), String> {
        let is_empty = |nodes: &[Node]| {
            nodes.iter().all(|it| matches!(it, Node::Text(text) if text.trim().is_empty()))
        };
        match self.templates.get(&name) {
            Some(there) if !is_empty(there) => {
                if is_empty(&nodes) {
                    return Ok(());
                }
                let message = ["template: multiple definition of template \"", &name, "\""];
                self.error(&message.concat())
            }
            _ => {
                self.templates.insert(name, nodes);
                Ok(())
            }
        }
    }

    /// Nodes up to the end of what they belong to.
    fn list(&mut self, is_outermost: bool) -> Result<(Vec<Node>, End), String> {
        let mut nodes = Vec::new();
        loop {
            let token = self.next()?;
            match token.kind {
                Kind::End if is_outermost => return Ok((nodes, End::OfText)),
                Kind::End => return self.error("unexpected EOF"),
                Kind::Text => nodes.push(Node::Text(token.text.to_owned())),
                Kind::Open => {
                    self.skip_space()?;
                    let word = self.peek()?;
                    match word.text {
                        _ if word.kind != Kind::Word => nodes.push(self.print()?),
                        "end" => {
                            self.at += 1;
                            self.expect(Kind::Close, "end")?;
                            return Ok((nodes, End::OfBody));
                        }
                        "else" => {
                            self.at += 1;
                            self.skip_space()?;
                            if !matches!(self.peek()?.text, "if" | "with") {
                                self.expect(Kind::Close, "else")?;
                            }
                            return Ok((nodes, End::Else));
                        }
                        "define" if is_outermost => self.define()?,
                        _ => nodes.push(self.action(&word)?),
                    }
                }
                _ => return self.unexpected(&token, "input"),
            }
        }
    }

    fn print(&mut self) -> Result<Node, String> {
        self.pipeline("command", Kind::Close).map(Node::Print)
    }

    fn action(&mut self, word: &Token<'a>) -> Result<Node, String> {
        if !is_keyword(word.text) {
            return self.print();
        }
        if word.text == "nil" {
            return self.print();
        }
        self.at += 1;
        match word.text {
            "if" => self.control("if").map(Node::If),
            "with" => self.control("with").map(Node::With),
            "range" => self.control("range").map(Node::Range),
            "block" => self.block(),
            "template" => self.template(),
            name @ ("break" | "continue") => {
                self.expect(Kind::Close, &["{{", name, "}}"].concat())?;
                if self.n_ranges == 0 {
                    return self.error(&["{{", name, "}} outside {{range}}"].concat());
                }
                Ok(if name == "break" { Node::Break } else { Node::Continue })
            }
            _ => self.unexpected(word, "command"),
        }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { self.error("max expression depth exceeded") } else { Ok(()) }
    }

    fn control(&mut self, context: &str) -> Result<Control, String> {
        self.deeper()?;
        let n_variables = self.variables.len();
        let pipeline = self.pipeline(context, Kind::Close)?;
        self.n_ranges += usize::from(context == "range");
        let (body, end) = self.list(false)?;
        self.n_ranges -= usize::from(context == "range");
        let mut otherwise = Vec::new();
        if end == End::Else {
            let word = self.peek()?;
            // What comes behind such an `else` ends together with it.
            if word.kind == Kind::Word && matches!(word.text, "if" | "with") {
                self.at += 1;
                if word.text != context {
                    return self.unexpected(&word, "input");
                }
                let control = self.control(context)?;
                otherwise.push(if context == "if" {
                    Node::If(control)
                } else {
                    Node::With(control)
                });
            } else {
                let (nodes, end) = self.list(false)?;
                if end != End::OfBody {
                    return self.error(&["expected end; found ", end.name()].concat());
                }
                otherwise = nodes;
            }
        }
        self.variables.truncate(n_variables);
        self.depth -= 1;
        Ok(Control { pipeline, body, otherwise })
    }

    fn name(&mut self, context: &str) -> Result<String, String> {
        let token = self.next_word()?;
        match token.kind {
            Kind::Quoted => number::string(token.text).or_else(|it| self.error(&it)),
            Kind::Raw => Ok(number::raw_string(token.text)),
            _ => self.unexpected(&token, context),
        }
    }

    /// The body of a template of its own: it sees none of the variables around it.
    fn body(&mut self, name: String, context: &str) -> Result<(), String> {
        self.deeper()?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let n_ranges = std::mem::take(&mut self.n_ranges);
        let (nodes, end) = self.list(false)?;
        if end != End::OfBody {
            return self.error(&["unexpected ", end.name(), " in ", context].concat());
        }
        self.variables = outer;
        self.n_ranges = n_ranges;
        self.depth -= 1;
        self.add(name, nodes)
    }

    fn define(&mut self) -> Result<(), String> {
        self.at += 1;
        let name = self.name("define clause")?;
        self.expect(Kind::Close, "define clause")?;
        self.body(name, "define clause")
    }

    fn block(&mut self) -> Result<Node, String> {
        let name = self.name("block clause")?;
        let start = self.tokens.get(self.at.saturating_sub(1)).map_or(0, |it| it.start);
        let operand = Some(self.pipeline("block clause", Kind::Close)?);
        self.body(name.clone(), "block clause")?;
        Ok(Node::Template { name, operand, place: start..start })
    }

    fn template(&mut self) -> Result<Node, String> {
        self.skip_space()?;
        let start = self.peek()?.start;
        let name = self.name("template clause")?;
        self.skip_space()?;
        let operand = if self.peek()?.kind == Kind::Close {
            self.at += 1;
            None
        } else {
            Some(self.pipeline("template clause", Kind::Close)?)
        };
        let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |it| it.start);
        Ok(Node::Template { name, operand, place: start..end })
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipeline, String> {
        let mut pipeline = Pipeline { variables: Vec::new(), assigns: false, commands: Vec::new() };
        self.declarations(context, &mut pipeline)?;
        loop {
            self.skip_space()?;
            let token = self.peek()?;
            match token.kind {
                kind if kind == end => {
                    self.at += 1;
                    break;
                }
                Kind::Word if is_keyword(token.text) && token.text != "nil" => {
                    self.at += 1;
                    return self.unexpected(&token, context);
                }
                Kind::Word
                | Kind::Character
                | Kind::Dot
                | Kind::Field
                | Kind::Number
                | Kind::Quoted
                | Kind::Raw
                | Kind::Variable
                | Kind::LeftParen => {
                    let command = self.command()?;
                    pipeline.commands.push(command);
                }
                _ => {
                    self.at += 1;
                    return self.unexpected(&token, context);
                }
            }
        }
        if pipeline.commands.is_empty() {
            return self.error(&["missing value for ", context].concat());
        }
        for (at, command) in pipeline.commands.iter().enumerate().skip(1) {
            if command.operands.first().is_some_and(|it| it.kind.is_constant()) {
                let stage = (at + 1).to_string();
                return self.error(&["non executable command in pipeline stage ", &stage].concat());
            }
        }
        Ok(pipeline)
    }

    /// `$x :=`, `$x =`, and in a range also `$i, $x :=`.
    fn declarations(&mut self, context: &str, pipeline: &mut Pipeline) -> Result<(), String> {
        loop {
            self.skip_space()?;
            let variable = self.peek()?;
            if variable.kind != Kind::Variable {
                return Ok(());
            }
            let ahead = 1 + usize::from(self.token(1)?.kind == Kind::Space);
            match self.token(ahead)?.kind {
                kind @ (Kind::Assign | Kind::Declare) => {
                    pipeline.assigns = kind == Kind::Assign;
                    self.declare(ahead, variable.text, pipeline);
                    return Ok(());
                }
                Kind::Comma => {
                    self.declare(ahead, variable.text, pipeline);
                    if context != "range" || pipeline.variables.len() > 1 {
                        return self.error(&["too many declarations in ", context].concat());
                    }
                    self.skip_space()?;
                    let kind = self.peek()?.kind;
                    if !matches!(kind, Kind::Variable | Kind::Close | Kind::RightParen) {
                        return self.error("range can only initialize variables");
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    fn declare(&mut self, ahead: usize, name: &str, pipeline: &mut Pipeline) {
        self.at += ahead + 1;
        pipeline.variables.push(name.to_owned());
        self.variables.push(name.to_owned());
    }

    fn command(&mut self) -> Result<Command, String> {
        let start = self.peek()?.start;
        let mut operands: Vec<Operand> = Vec::new();
        loop {
            self.skip_space()?;
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let token = self.next()?;
            match token.kind {
                Kind::Space => continue,
                Kind::Close | Kind::RightParen => self.at -= 1,
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if operands.is_empty() {
            return self.error("empty command");
        }
        let end = operands.last().map_or(start, |it| it.place.end);
        Ok(Command { operands, place: start..end })
    }

    fn operand(&mut self) -> Result<Option<Operand>, String> {
        let token = self.peek()?;
        let Some(mut kind) = self.term(&token)? else { return Ok(None) };
        let mut start = token.start;
        let mut fields = Vec::new();
        while self.peek()?.kind == Kind::Field {
            let field = self.next()?;
            if fields.is_empty() {
                start = field.start;
            }
            fields.push(field.text.trim_start_matches('.').to_owned());
        }
        let end = self.tokens.get(self.at.saturating_sub(1));
        let end = end.map_or(start, |it| it.start + it.text.len());
        if !fields.is_empty() {
            kind = match kind {
                OperandKind::Fields(mut names) => {
                    names.append(&mut fields);
                    OperandKind::Fields(names)
                }
                OperandKind::Variable(name, _) => OperandKind::Variable(name, fields),
                OperandKind::Pipeline(pipeline, _) => OperandKind::Pipeline(pipeline, fields),
                OperandKind::Function(name) => OperandKind::Chain(name, fields),
                _ => {
                    let message = ["unexpected . after term \"", token.text, "\""];
                    return self.error(&message.concat());
                }
            };
        }
        // Messages show an operand as a whole but point to its first field.
        let place = if matches!(kind, OperandKind::Pipeline(..)) { token.start } else { start };
        Ok(Some(Operand { kind, place: place..end }))
    }

    fn term(&mut self, token: &Token<'a>) -> Result<Option<OperandKind>, String> {
        let text = token.text;
        let kind = match token.kind {
            Kind::Word if text == "nil" => OperandKind::Nil,
            Kind::Word if text == "true" || text == "false" => OperandKind::Boolean(text == "true"),
            Kind::Word if is_keyword(text) => return Ok(None),
            Kind::Word if !functions::NAMES.contains(&text) => {
                self.at += 1;
                return self.error(&["function \"", text, "\" not defined"].concat());
            }
            Kind::Word => OperandKind::Function(text.to_owned()),
            Kind::Dot => OperandKind::Dot,
            Kind::Field => OperandKind::Fields(vec![text.trim_start_matches('.').to_owned()]),
            Kind::Variable => {
                if !self.variables.iter().any(|it| it == text) {
                    self.at += 1;
                    return self.error(&["undefined variable \"", text, "\""].concat());
                }
                OperandKind::Variable(text.to_owned(), Vec::new())
            }
            Kind::Number => number::number(text).or_else(|it| self.error(&it))?,
            Kind::Character => number::character(text).or_else(|it| self.error(&it))?,
            Kind::Quoted => OperandKind::Text(number::string(text).or_else(|it| self.error(&it))?),
            Kind::Raw => OperandKind::Text(number::raw_string(text)),
            Kind::LeftParen => {
                self.at += 1;
                self.deeper()?;
                let pipeline = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.depth -= 1;
                return Ok(Some(OperandKind::Pipeline(Box::new(pipeline), Vec::new())));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(kind))
    }
}

fn is_keyword(text: &str) -> bool {
    matches!(
        text,
        "block"
            | "break"
            | "continue"
            | "define"
            | "else"
            | "end"
            | "if"
            | "nil"
            | "range"
            | "template"
            | "with"
    )
}
