//! A process of its own for one test.

use std::env;
use std::ffi::OsString;
use std::process::{self, Child, Command, Stdio};

use testpress::{Client, Config};
use testpress_faults::Server;

use super::system;

/// What the child finds in its environment: the CA file, then a line for each server: name, origin and proxy, with tabs
/// between.
const WORLD: &str = "TESTPRESS_TEST_WORLD";
/// How a child ends whose test has passed, and nothing else does.
const PASSED: i32 = 42;
/// A child that hangs is ended by SIGALRM.
const PATIENCE_S: u32 = 120;

/// The servers, as the child sees them.
pub struct World {
    ca_file: String,
    /// Name, origin, proxy.
    servers: Vec<[String; 3]>,
}

impl World {
    fn of_the_environment() -> Option<World> {
        let told = env::var(WORLD).ok()?;
        let mut lines = told.lines();
        let ca_file = lines.next()?.to_owned();
        let server = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>().try_into().ok();
        Some(World { ca_file, servers: lines.filter_map(server).collect() })
    }

    /// A client of the server with that fault.
    pub fn client(&self, fault: &str, options: &[(&str, &str)]) -> Client {
        let [_, origin, proxy] = self.servers.iter().find(|server| server[0] == fault).expect("such a server");
        self.try_client(origin, &[options, &[("proxy", proxy)]].concat()).expect("a client")
    }

    /// A client of that institute.
    pub fn try_client(&self, institute: &str, options: &[(&str, &str)]) -> testpress::Result<Client> {
        let mut config = Config::new();
        let usual = [("ca_file", self.ca_file.as_str()), ("proxy", "none")];
        for (name, value) in usual.iter().chain(options) {
            config.set(name, value).expect(name);
        }
        Client::new(institute, &config)
    }
}

/// Whether this is the child.
pub fn is_child() -> bool {
    env::var_os(WORLD).is_some()
}

/// A test to run alone.
pub struct Alone {
    faults: &'static [&'static str],
    wrapper: Vec<OsString>,
    /// Without a value: unset.
    environment: Vec<(&'static str, Option<OsString>)>,
}

/// Beside servers with these faults.
pub fn beside(faults: &'static [&'static str]) -> Alone {
    Alone { faults, wrapper: Vec::new(), environment: Vec::new() }
}

impl Alone {
    /// With this in its environment.
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Alone {
        self.environment.push((name, Some(value.into())));
        self
    }

    /// Without this in its environment.
    pub fn without(mut self, name: &'static str) -> Alone {
        self.environment.push((name, None));
        self
    }

    /// As root: where this process is not, as root of a user namespace of its own.
    pub fn needing_root(mut self) -> Alone {
        if !system::is_root() {
            self.wrapper = ["unshare", "--user", "--map-root-user"].map(OsString::from).to_vec();
        }
        self
    }

    /// Runs `test` in the child; the servers come back for a look at what they have seen.
    pub fn run(self, test: impl FnOnce(&World)) -> Vec<Server> {
        self.run_while(test, |_, _| {})
    }

    /// The same, and in this process `meanwhile`, which is told the child's number.
    pub fn run_while<T: FnOnce(&World)>(self, test: T, meanwhile: impl FnOnce(&[Server], u32)) -> Vec<Server> {
        if let Some(world) = World::of_the_environment() {
            system::alarm(PATIENCE_S);
            test(&world);
            process::exit(PASSED);
        }
        let servers: Vec<Server> = self.faults.iter().map(|fault| Server::start(fault)).collect();
        let child = Running(Some(self.command(&servers, &test_name::<T>()).spawn().expect("this program runs again")));
        meanwhile(&servers, child.0.as_ref().map_or(0, Child::id));
        child.expect_passed();
        servers
    }

    fn command(&self, servers: &[Server], test: &str) -> Command {
        let program = env::current_exe().expect("this program").into_os_string();
        let mut words = self.wrapper.clone();
        words.push(program);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["--exact", test, "--nocapture"]);
        command.env(WORLD, world(servers));
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

fn world(servers: &[Server]) -> String {
    let mut world = servers[0].ca_file().to_str().expect("a path in UTF-8").to_owned();
    for server in servers {
        let proxy = server.proxy_url().unwrap_or("none".to_owned());
        world += &format!("\n{}\t{}\t{proxy}", server.fault().name, server.origin());
    }
    world
}

/// The test whose closure this is: `process_events::files::fault_x::{{closure}}`. A wrong name would run no test, and
/// no child would have passed.
fn test_name<T>() -> String {
    let name = std::any::type_name::<T>();
    let name = name.strip_suffix("::{{closure}}").unwrap_or(name);
    name.split_once("::").map_or(name, |(_, name)| name).to_owned()
}

/// A child that does not outlive its test.
struct Running(Option<Child>);

impl Running {
    fn expect_passed(mut self) {
        let output = self.0.take().expect("a child").wait_with_output().expect("its output");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(PASSED), "{}: {said}", output.status);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // It may have ended meanwhile.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
