<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Client;
use Testpress\Session;
use Testpress\StoreException;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\Relay;
use Testpress\Tests\Support\TemporaryDirectory;
use Testpress\TimeoutException;

/** With store=file one login serves all processes of a user. */
final class SessionStoreTest extends TestCase
{
    private const ASK = '
        $options = ["store" => getenv("STORE"), ...json_decode(getenv("OPTIONS"), true)];
        $session = new Testpress\Session(new Testpress\Client(getenv("ORIGIN"), $options), "ada", "secret");
        %s
        try {
            echo $session->token()->jwt();
        } catch (Testpress\TestpressException $exception) {
            echo $exception->statusName(), $exception->requestSent() ? " sent" : " not sent";
        }';

    private TemporaryDirectory $directory;

    protected function setUp(): void
    {
        $this->directory = new TemporaryDirectory();
    }

    public function testAnotherProcessConnectsToNobody(): void
    {
        $relay = new Relay('another-each-time');
        $jwts = [$this->ask($relay), $this->ask($relay), $this->session($relay)->token()->jwt()];
        self::assertMatchesRegularExpression('~^ey[\w-]+\.[\w-]+\.[\w-]+$~', $jwts[0]);
        self::assertCount(1, array_unique($jwts));
        self::assertSame(1, $relay->connections());
    }

    public function testWithoutItEachProcessLogsIn(): void
    {
        $relay = new Relay('another-each-time');
        self::assertNotSame($this->ask($relay, 'memory'), $this->ask($relay, 'memory'));
        self::assertSame(2, $relay->connections());
    }

    public function testWithoutADirectoryItIsInTheUsersOwn(): void
    {
        $relay = new Relay('another-each-time');
        $place = ['HOME' => $this->directory->path, 'XDG_CACHE_HOME' => null, 'XDG_RUNTIME_DIR' => null];
        self::assertSame($this->ask($relay, 'file', $place), $this->ask($relay, 'file', $place));
        self::assertSame(1, $relay->connections());
        self::assertNotEmpty(glob("{$this->directory->path}/.cache/testpress/*.token"));
    }

    public function testWhatIsStoredIsTheUsersOnlyAndHasNoPassword(): void
    {
        $relay = new Relay('another-each-time');
        $this->ask($relay);
        $files = glob("{$this->directory->path}/store/*");
        self::assertNotEmpty($files);
        self::assertSame(0700, fileperms("{$this->directory->path}/store") & 0777);
        foreach ($files as $file) {
            self::assertSame(0600, fileperms($file) & 0777, $file);
            self::assertStringNotContainsString('secret', $file . file_get_contents($file));
        }
    }

    public function testARefusalIsForAllProcesses(): void
    {
        $relay = new Relay('rejected');
        $said = [$this->ask($relay), $this->ask($relay)];
        self::assertSame(['TP_E_REJECTED sent', 'TP_E_REJECTED not sent'], $said);
        self::assertSame(1, $relay->connections());
    }

    public function testAStoreThatCantBeUsedCostsALoginAndNoMore(): void
    {
        $relay = new Relay('another-each-time');
        $heard = [];
        $logger = static function (string $level, string $message) use (&$heard): void {
            $heard[] = "$level: $message";
        };
        $store = ['store' => 'file:/proc/nonexistent'];
        $session = new Session($relay->client($store, $logger), 'ada', 'secret');
        self::assertSame($session->token()->jwt(), $session->token()->jwt());
        self::assertStringContainsString('warning: the token store', implode("\n", $heard));
        self::assertSame(1, $relay->connections());
    }

    public function testAStoreThatCanBeUsedPassesItsCheck(): void
    {
        self::checkStore('memory');
        self::checkStore($this->store());
        self::assertDirectoryExists("{$this->directory->path}/store");
    }

    /**
     * @testWith ["nonexistent/store"]
     *           ["plain-file"]
     */
    public function testTheCheckOfAStoreThatCantBeUsedNamesIt(string $name): void
    {
        $this->directory->write('plain-file', '');
        $path = "{$this->directory->path}/$name";
        try {
            self::checkStore("file:$path");
            self::fail('it can be used');
        } catch (StoreException $exception) {
            self::assertStringContainsString($path, $exception->getMessage());
            self::assertFalse($exception->retryable());
        }
    }

    public function testTheClientsLoggerHearsWhatACheckMended(): void
    {
        $heard = [];
        $logger = static function (string $level, string $message) use (&$heard): void {
            $heard[] = "$level: $message";
        };
        $path = "{$this->directory->path}/store";
        mkdir($path);
        chmod($path, 0755);
        self::checkStore($this->store(), $logger);
        self::assertSame(0700, fileperms($path) & 0777);
        self::assertStringStartsWith("warning: the token store $path ", implode("\n", $heard));
    }

    public function testWhoWaitsForAnotherProcessKeepsItsOwnTimeout(): void
    {
        $relay = new Relay('silent-after-request');
        // The first one logs in, for as long as it lives.
        $other = $this->start($relay, 'echo "asks"; flush();');
        self::assertSame('asks', fread($other[1], 4));
        $deadline = hrtime(true) + 30e9;
        while ($relay->connections() === 0 && hrtime(true) < $deadline) {
            usleep(5000);
        }
        $start = hrtime(true);
        try {
            $this->session($relay)->token(timeout: 0.4);
            self::fail('a silent server answered');
        } catch (TimeoutException) {
            $seconds = (hrtime(true) - $start) / 1e9;
            self::assertGreaterThan(0.39, $seconds);
            self::assertLessThan(5, $seconds);
        } finally {
            proc_terminate($other[0]);
            proc_close($other[0]);
        }
    }

    public function testTwoHundredProcessesThatStartTogetherMakeOneLogin(): void
    {
        $relay = new Relay('thinks-300ms');
        $gate = $this->directory->write('gate', '');
        $opener = fopen($gate, 'r');
        flock($opener, LOCK_EX);
        // Each is ready to ask, says so, and waits until the gate is open for all.
        $wait = 'echo "."; flush(); flock($gate = fopen(getenv("GATE"), "r"), LOCK_SH);';
        $processes = array_map(fn () => $this->start($relay, $wait, ['GATE' => $gate]), range(1, 200));
        foreach ($processes as [, $output]) {
            self::assertSame('.', fread($output, 1));
        }
        self::assertSame(0, $relay->connections());
        flock($opener, LOCK_UN);
        $jwts = [];
        foreach ($processes as [$process, $output]) {
            $jwts[] = stream_get_contents($output);
            self::assertSame(0, proc_close($process));
        }
        self::assertStringStartsWith('ey', $jwts[0]);
        self::assertSame([200], array_values(array_count_values($jwts)));
        self::assertSame(1, $relay->connections());
    }

    private function session(Relay $relay): Session
    {
        return new Session($relay->client(['store' => $this->store()]), 'ada', 'secret');
    }

    private static function checkStore(string $store, ?callable $logger = null): void
    {
        (new Session(new Client('demo', ['store' => $store], $logger), 'ada', 'secret'))->checkStore();
    }

    private function store(): string
    {
        return "file:{$this->directory->path}/store";
    }

    /** @param array<string, ?string> $environment */
    private function ask(Relay $relay, ?string $store = null, array $environment = []): string
    {
        $environment += ['STORE' => $store ?? $this->store()] + $relay->environment();
        $run = Php::run(sprintf(self::ASK, ''), [], $environment);
        self::assertSame('', $run->errors);
        return $run->output;
    }

    /**
     * @param array<string, string> $environment
     * @return array{resource, resource} the process and its output
     */
    private function start(Relay $relay, string $before, array $environment = []): array
    {
        $code = 'require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . ';' . sprintf(self::ASK, $before);
        $environment += ['STORE' => $this->store()] + $relay->environment() + getenv();
        // However this process ends, they end with it.
        $command = ['setpriv', '--pdeathsig', 'TERM', PHP_BINARY, '-r', $code];
        $streams = [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR];
        $process = proc_open($command, $streams, $pipes, null, $environment);
        return [$process, $pipes[1]];
    }
}
