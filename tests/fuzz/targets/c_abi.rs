#![no_main]
//! A C program that does anything the header allows: any function, in any order, on the handles that it owns or on NULL,
//! with any string. What it gets is what the header promises, and nothing leaks.

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use testpress::ffi::*;
use testpress_fuzz::c_program::{Handles, Outcome, PASSWORD, Text, read_client, read_error, read_status, read_token};
use testpress_fuzz::local_server;

/// Each takes some hundred microseconds, and more would tell nothing more.
const MOST_LOGINS: usize = 3;

fuzz_target!(|input: &[u8]| {
    // A program that writes the password where a name belongs is told of that name.
    if input.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes()) {
        return;
    }
    let mut input = Unstructured::new(input);
    let mut program = Program::default();
    while !input.is_empty() && program.step(&mut input).is_ok() {}
});

#[derive(Default)]
struct Program {
    configs: Handles<tp_config>,
    calls: Handles<tp_call>,
    clients: Handles<tp_client>,
    sessions: Handles<tp_session>,
    tokens: Handles<tp_token>,
    errors: Handles<tp_error>,
    logins: usize,
}

// SAFETY, of every call below: handles are live or NULL, strings end at a NUL and outlive the call, outputs are variables.
impl Program {
    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=23)? {
            0 => self.configs.add(tp_config_new()),
            1 | 2 => self.set(input)?,
            3 => self.set_log(input)?,
            4 => self.configs.free_one(input)?,
            5 => self.calls.add(tp_call_new(input.arbitrary()?)),
            6 => unsafe { tp_call_cancel(self.calls.pick(input)?) },
            7 => self.calls.free_one(input)?,
            8 | 9 => self.make_client(input)?,
            10 | 11 => self.client_login(input)?,
            12 => self.clients.free_one(input)?,
            13 => self.login(input)?,
            14 => self.make_token(input)?,
            15 => self.tokens.add(unsafe { tp_token_clone(self.tokens.pick(input)?) }),
            16 => self.tokens.free_one(input)?,
            17 => self.errors.free_one(input)?,
            18 => read_status(input.arbitrary()?),
            19 => self.make_session(input)?,
            20 => self.session_token(input)?,
            21 => unsafe { tp_session_reject(self.sessions.pick(input)?, self.tokens.pick(input)?) },
            22 => self.sessions.free_one(input)?,
            _ => self.read(input)?,
        }
        Ok(())
    }

    fn read(&self, input: &mut Unstructured) -> Result<()> {
        read_error(self.errors.pick(input)?);
        read_token(self.tokens.pick(input)?);
        read_client(self.clients.pick(input)?);
        Ok(())
    }

    fn set(&mut self, input: &mut Unstructured) -> Result<()> {
        let (config, name) = (self.configs.pick(input)?, Text::option(input)?);
        let value = Text::value(&name, input)?;
        let mut outcome = Outcome::<c_void>::new(true, input.ratio(7, 8)?);
        let status = unsafe { tp_config_set(config, name.as_ptr(), value.as_ptr(), outcome.error()) };
        assert!(status != 0 || !config.is_null());
        self.errors.add(outcome.check_error(status));
        Ok(())
    }

    fn set_log(&mut self, input: &mut Unstructured) -> Result<()> {
        let (config, level) = (self.configs.pick(input)?, input.int_in_range(-1..=6)?);
        let callback: tp_log_callback = if input.ratio(1, 4)? { None } else { Some(listen) };
        // The level itself is the context: it lives for ever.
        let status = unsafe { tp_config_set_log(config, level, callback, ptr::without_provenance_mut(level as usize)) };
        let good = !config.is_null() && (callback.is_none() || (1..=4).contains(&level));
        assert_eq!(status, i32::from(!good));
        Ok(())
    }

    fn make_client(&mut self, input: &mut Unstructured) -> Result<()> {
        let (institute, config) = (Text::institute(input)?, self.configs.pick(input)?);
        let mut outcome = Outcome::new(input.ratio(15, 16)?, input.ratio(7, 8)?);
        let status = unsafe { tp_client_new(institute.as_ptr(), config, outcome.output(), outcome.error()) };
        let (client, error) = outcome.check(status);
        self.clients.add(client);
        self.errors.add(error);
        Ok(())
    }

    /// Nobody else than the server on this machine is ever asked: not even for an address.
    fn client_login(&mut self, input: &mut Unstructured) -> Result<()> {
        let (client, call) = (self.clients.pick(input)?, self.calls.pick(input)?);
        let stranger = read_client(client).is_some_and(|origin| origin != local_server::origin());
        if self.logins == MOST_LOGINS || (stranger && call.is_null()) {
            return Ok(());
        }
        if stranger {
            unsafe { tp_call_cancel(call) };
        }
        self.logins += 1;
        let (username, password) = (Text::username(input)?, Text::password(input)?);
        let mut outcome = Outcome::new(input.ratio(15, 16)?, input.ratio(7, 8)?);
        let (token, error) = (outcome.output(), outcome.error());
        let status = unsafe { tp_client_login(client, username.as_ptr(), password.as_ptr(), call, token, error) };
        let (token, error) = outcome.check(status);
        assert!(token.is_null() || !stranger);
        self.keep(token, error);
        Ok(())
    }

    fn login(&mut self, input: &mut Unstructured) -> Result<()> {
        let institute = Text::institute(input)?;
        let stranger = institute.as_str() != Some(local_server::origin());
        if self.logins == MOST_LOGINS {
            return Ok(());
        }
        self.logins += 1;
        let (username, password) = (Text::username(input)?, Text::password(input)?);
        // Without a name nobody is asked.
        let username = if stranger { ptr::null() } else { username.as_ptr() };
        let mut outcome = Outcome::new(input.ratio(15, 16)?, input.ratio(7, 8)?);
        let (token, error) = (outcome.output(), outcome.error());
        let status = unsafe { tp_login(institute.as_ptr(), username, password.as_ptr(), token, error) };
        let (token, error) = outcome.check(status);
        self.keep(token, error);
        Ok(())
    }

    /// Of the server on this machine alone.
    fn make_session(&mut self, input: &mut Unstructured) -> Result<()> {
        let (client, username, password) = (self.clients.pick(input)?, Text::username(input)?, Text::password(input)?);
        if read_client(client).is_some_and(|origin| origin != local_server::origin()) {
            return Ok(());
        }
        let mut outcome = Outcome::new(input.ratio(15, 16)?, input.ratio(7, 8)?);
        let (session, error) = (outcome.output(), outcome.error());
        let status = unsafe { tp_session_new(client, username.as_ptr(), password.as_ptr(), session, error) };
        let (session, error) = outcome.check(status);
        self.sessions.add(session);
        self.errors.add(error);
        Ok(())
    }

    fn session_token(&mut self, input: &mut Unstructured) -> Result<()> {
        let (session, call) = (self.sessions.pick(input)?, self.calls.pick(input)?);
        if self.logins == MOST_LOGINS {
            return Ok(());
        }
        self.logins += 1;
        let mut outcome = Outcome::new(input.ratio(15, 16)?, input.ratio(7, 8)?);
        let status = unsafe { tp_session_token(session, call, outcome.output(), outcome.error()) };
        let (token, error) = outcome.check(status);
        self.keep(token, error);
        Ok(())
    }

    fn make_token(&mut self, input: &mut Unstructured) -> Result<()> {
        let (institute, jwt) = (Text::institute(input)?, Text::jwt(input)?);
        let mut outcome = Outcome::new(input.ratio(15, 16)?, input.ratio(7, 8)?);
        let status = unsafe { tp_token_from_jwt(institute.as_ptr(), jwt.as_ptr(), outcome.output(), outcome.error()) };
        let (token, error) = outcome.check(status);
        self.keep(token, error);
        Ok(())
    }

    fn keep(&mut self, token: *mut tp_token, error: *mut tp_error) {
        read_token(token);
        read_error(error);
        self.tokens.add(token);
        self.errors.add(error);
    }
}

unsafe extern "C" fn listen(context: *mut c_void, level: i32, message: *const c_char) {
    let most = context.addr() as i32;
    assert!((1..=most).contains(&level), "a message of level {level} for {most}");
    let message = unsafe { CStr::from_ptr(message) }.to_str().expect("every message is UTF-8");
    assert!(!message.is_empty() && !message.contains(PASSWORD) && !message.contains("eyJ"), "{message:?}");
}
