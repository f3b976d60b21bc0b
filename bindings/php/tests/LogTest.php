<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Psr\Log\AbstractLogger;
use Testpress\Client;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\Servers;
use Testpress\TestpressException;

/** What a client tells an application's logger. */
final class LogTest extends TestCase
{
    public function testAFunctionGetsLevelsAndMessages(): void
    {
        $lines = self::lines('debug');
        self::assertSame(['info', 'login to https://localhost:1'], $lines[0]);
        self::assertContains('debug', array_column($lines, 0));
        self::assertSame('warning', end($lines)[0]);
        self::assertStringContainsString('TP_E_CONNECT', end($lines)[1]);
    }

    public function testTheLevelIsALimit(): void
    {
        self::assertSame(['info', 'warning'], array_values(array_unique(array_column(self::lines('info'), 0))));
        self::assertSame(['warning'], array_values(array_unique(array_column(self::lines('warning'), 0))));
        self::assertSame([], self::lines('error'));
    }

    public function testAPsr3Logger(): void
    {
        $logger = new class () extends AbstractLogger {
            /** @var list<string> */
            public array $lines = [];

            public function log($level, $message, array $context = []): void
            {
                $this->lines[] = "$level: $message";
            }
        };
        $client = new Client('https://localhost:1', ['retries' => 0], $logger);
        self::attempt($client);
        self::assertSame('info: login to https://localhost:1', $logger->lines[0]);
    }

    public function testEachClientHasItsOwnLogger(): void
    {
        $heard = ['first' => 0, 'second' => 0];
        $client = static function (string $name) use (&$heard): Client {
            $count = static function () use ($name, &$heard): void {
                $heard[$name]++;
            };
            return new Client('https://localhost:1', ['retries' => 0], $count, 'warning');
        };
        [$first, $second] = [$client('first'), $client('second')];
        self::attempt($first);
        self::attempt($second);
        self::attempt($second);
        self::assertSame(['first' => 1, 'second' => 2], $heard);
    }

    /** @dataProvider badLoggers */
    public function testALoggerThatFailsCostsNoLogin(\Closure $logger): void
    {
        $client = new Client(Servers::institute(), [], $logger, 'debug');
        self::assertSame('testpress', $client->login('testpress', 'demo')->username());
    }

    /** @return iterable<string, array{\Closure}> */
    public static function badLoggers(): iterable
    {
        yield 'throws an exception' => [static fn () => throw new \RuntimeException('the log is full')];
        yield 'throws an error' => [static fn () => intdiv(1, 0)];
        yield 'takes other arguments' => [static fn (array $record) => $record];
        yield 'logs in itself' => [static fn () => (new Client(Servers::institute()))->login('testpress', 'demo')];
    }

    public function testALoggerMayCloseTheClient(): void
    {
        $client = null;
        $logger = static function () use (&$client): void {
            $client->close();
        };
        $client = new Client(Servers::institute(), [], $logger, 'debug');
        self::assertSame('testpress', $client->login('testpress', 'demo')->username());
        $this->expectExceptionMessage('closed');
        $client->login('testpress', 'demo');
    }

    /** From inside a native call exit() would end in PHP's "Throwing from FFI callbacks is not allowed". */
    public function testALoggerMayExit(): void
    {
        $run = Php::run('
            register_shutdown_function(fn () => print("shut down"));
            $client = new Testpress\Client("https://localhost:1", [], fn () => exit(3), "debug");
            $client->login("testpress", "demo");
        ');
        self::assertSame(['shut down', '', 3], [$run->output, $run->errors, $run->status]);
    }

    public function testALoggersStackHasNoPassword(): void
    {
        $run = Php::run('
            $logger = fn () => print(print_r(debug_backtrace(), true));
            $client = new Testpress\Client("https://localhost:1", ["retries" => 0], $logger);
            try {
                $client->login("testpress", "canary");
            } catch (Testpress\ConnectException) {
                echo "failed";
            }
        ');
        self::assertStringEndsWith('failed', $run->output);
        self::assertStringNotContainsString('canary', $run->output . $run->errors);
    }

    /**
     * A signal that comes during a call waits for its end, with a logger as without.
     *
     * @requires extension pcntl
     */
    public function testASignalIsHandledAfterTheCall(): void
    {
        $run = Php::run('
            pcntl_async_signals(true);
            pcntl_signal(SIGALRM, fn () => throw new RuntimeException("the signal"));
            $options = ["ca_file" => getenv("CA"), "timeout_ms" => 1500];
            $client = new Testpress\Client(getenv("ORIGIN"), $options, fn ($level) => print("$level "), "debug");
            pcntl_alarm(1);
            try {
                $client->login("testpress", "demo");
            } catch (RuntimeException $exception) {
                echo $exception->getMessage(), ", ", get_class($exception->getPrevious());
                var_dump(pcntl_async_signals());
            }
        ', [], ['ORIGIN' => Servers::fault('silent-after-request'), 'CA' => Servers::faultsCa()]);
        $expected = 'info debug debug warning the signal, Testpress\TimeoutExceptionbool(true)';
        self::assertSame([$expected, ''], [trim($run->output), $run->errors]);
    }

    /** @return list<array{string, string}> */
    private static function lines(string $level): array
    {
        $lines = [];
        $logger = static function (string $level, string $message) use (&$lines): void {
            $lines[] = [$level, $message];
        };
        self::attempt(new Client('https://localhost:1', ['retries' => 0], $logger, $level));
        return $lines;
    }

    private static function attempt(Client $client): void
    {
        try {
            $client->login('testpress', 'demo');
            self::fail('somebody listens on port 1');
        } catch (TestpressException $exception) {
            self::assertSame('TP_E_CONNECT', $exception->statusName());
        }
    }
}
