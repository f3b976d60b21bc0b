<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Client;
use Testpress\Http\GuzzleMiddleware;
use Testpress\Http\Psr18Client;
use Testpress\InvalidArgumentException;
use Testpress\Session;
use Testpress\TestpressException;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\Servers;
use Testpress\Tests\Support\TokenServer;
use Testpress\Token;

/** Nothing that prints, copies or keeps an object or an exception has the password or the token. */
final class SecretsTest extends TestCase
{
    private const PASSWORD = 'canary-password-é';
    private const JWT = 'canary.jwt.signature';

    /** @dataProvider printers */
    public function testPrintingAToken(\Closure $print): void
    {
        $this->assertNoSecret($print(Token::fromJwt('demo', self::JWT)));
        $this->assertNoSecret($print(['deep' => [Token::fromJwt('demo', self::JWT)]]));
    }

    /** @dataProvider printers */
    public function testPrintingAClient(\Closure $print): void
    {
        $client = new Client('https://localhost:1', ['retries' => 0], static fn () => null);
        try {
            $client->login('testpress', self::PASSWORD);
        } catch (TestpressException) {
            $this->assertNoSecret($print($client));
        }
    }

    /** @dataProvider printers */
    public function testPrintingASession(\Closure $print): void
    {
        $server = new TokenServer();
        $session = new Session(new Client($server->origin, [], static fn () => null), 'ada', self::PASSWORD);
        self::assertStringContainsString('canary', $session->authorization());
        $this->assertNoSecret($print($session));
        $this->assertNoSecret($print(new Psr18Client(new \GuzzleHttp\Client(), $session)));
        $this->assertNoSecret($print(new GuzzleMiddleware($session)));
    }

    /** In a process of its own: a trace with arguments would have all of PHPUnit in it. */
    public function testAnExceptionOfPsr18HasNoArguments(): void
    {
        $run = Php::run('
            $session = new Testpress\Session(new Testpress\Client("https://localhost:1"), "ada", "canary");
            $http = new Testpress\Http\Psr18Client(new GuzzleHttp\Client(), $session);
            function form($http, $password) {
                $http->sendRequest(new Nyholm\Psr7\Request("GET", "https://localhost:1/"));
            }
            try {
                form($http, "canary");
            } catch (Testpress\Http\NoTokenException $exception) {
                echo $exception;
                print_r($exception->getTrace());
                print_r($exception);
            }
        ');
        self::assertStringStartsWith('Testpress\ConnectException', $run->output);
        $this->assertNoSecret($run->output . $run->errors);
    }

    /** @dataProvider printers */
    public function testPrintingAnException(\Closure $print): void
    {
        foreach (self::failures() as $exception) {
            $this->assertNoSecret($print($exception));
        }
    }

    /** @return iterable<string, array{\Closure(mixed): string}> */
    public static function printers(): iterable
    {
        $captured = static function (\Closure $print): string {
            ob_start();
            $print();
            return ob_get_clean();
        };
        yield 'var_dump' => [static fn (mixed $value) => $captured(static fn () => var_dump($value))];
        yield 'print_r' => [static fn (mixed $value) => print_r($value, true)];
        yield 'var_export' => [static fn (mixed $value) => self::exported($value)];
        yield 'json_encode' => [static fn (mixed $value) => (string) json_encode($value)];
        yield 'array' => [static fn (mixed $value) => print_r((array) $value, true)];
        yield 'object' => [static fn (mixed $value) => print_r((object) $value, true)];
        yield 'debug_zval_dump' => [static fn (mixed $value) => $captured(
            static fn () => debug_zval_dump($value)
        )];
        yield 'mangled' => [static fn (mixed $value) => is_object($value)
            ? print_r(get_mangled_object_vars($value), true) : ''];
        yield 'http_build_query' => [static fn (mixed $value) => http_build_query(['value' => $value])];
        yield 'iteration' => [static fn (mixed $value) => print_r(is_object($value)
            ? array_map(null, get_object_vars($value)) : $value, true)];
        yield 'string' => [static fn (mixed $value) => $value instanceof \Throwable ? (string) $value : ''];
        yield 'trace' => [static fn (mixed $value) => $value instanceof \Throwable
            ? $captured(static fn () => var_dump($value->getTrace())) : ''];
        yield 'serialize' => [static function (mixed $value): string {
            try {
                return serialize($value);
            } catch (\Exception $exception) {
                return (string) $exception;
            }
        }];
    }

    /**
     * @testWith ["$client->login([], 'canary')"]
     *           ["new Testpress\\Session($client, [], 'canary')"]
     */
    public function testAStackTraceOfPhpsOwnHasNoPassword(string $call): void
    {
        if (PHP_VERSION_ID < 80200) {
            self::markTestSkipped('#[\SensitiveParameter] is of PHP 8.2: README.md says what to do before');
        }
        $run = Php::run('
            $client = new Testpress\Client("demo");
            try {
                ' . $call . ';
            } catch (TypeError $error) {
                echo $error;
                print_r($error->getTrace());
            }
        ');
        self::assertStringContainsString('SensitiveParameterValue', $run->output);
        $this->assertNoSecret($run->output . $run->errors);
    }

    /**
     * @requires extension pcntl
     * @dataProvider loggers
     */
    public function testAnExceptionFromASignalsHandlerHasNoPassword(string $logger): void
    {
        $run = Php::run('
            pcntl_async_signals(true);
            pcntl_signal(SIGALRM, fn () => throw new RuntimeException("the signal"));
            $client = new Testpress\Client(getenv("ORIGIN"), ["ca_file" => getenv("CA")], ' . $logger . ', "debug");
            pcntl_alarm(1);
            try {
                $client->login("testpress", "' . self::PASSWORD . '", timeout: 1.5);
            } catch (RuntimeException $exception) {
                do {
                    var_dump($exception->getMessage(), $exception->getTrace());
                } while ($exception = $exception->getPrevious());
            }
        ', [], ['ORIGIN' => Servers::fault('silent-after-request'), 'CA' => Servers::faultsCa()]);
        self::assertStringContainsString('the signal', $run->output);
        $this->assertNoSecret($run->output . $run->errors);
    }

    /** @return iterable<string, array{string}> */
    public static function loggers(): iterable
    {
        return ['without a logger' => ['null'], 'with a logger' => ['fn () => null']];
    }

    /** @dataProvider copies */
    public function testHandlesCantBeCopied(\Closure $copy): void
    {
        $client = new Client('demo');
        $session = new Session($client, 'ada', self::PASSWORD);
        foreach ([$client, $session, Token::fromJwt('demo', self::JWT)] as $handle) {
            try {
                $copy($handle);
                self::fail($handle::class . ' was copied');
            } catch (\LogicException $exception) {
                $this->assertNoSecret((string) $exception);
            }
            self::assertStringStartsWith('https://', $handle->origin());
        }
    }

    /** @return iterable<string, array{\Closure(object): mixed}> */
    public static function copies(): iterable
    {
        yield 'clone' => [static fn (object $handle) => clone $handle];
        yield 'serialize' => [static fn (object $handle) => serialize([$handle])];
        yield 'unserialize' => [static fn (object $handle) => unserialize(
            sprintf('O:%d:"%s":1:{s:1:"x";i:1;}', strlen($handle::class), $handle::class)
        )];
    }

    public function testAnObjectMadeBehindTheConstructorsBackIsClosed(): void
    {
        foreach ([Client::class, Session::class, Token::class] as $class) {
            $object = (new \ReflectionClass($class))->newInstanceWithoutConstructor();
            print_r($object, true);
            try {
                $object->origin();
                self::fail("a $class that nothing made worked");
            } catch (InvalidArgumentException $exception) {
                self::assertStringContainsString('closed', $exception->getMessage());
            }
        }
    }

    private static function exported(mixed $value): string
    {
        try {
            return var_export($value, true);
        } catch (\Throwable $throwable) {
            return $throwable->getMessage();
        }
    }

    /** @return iterable<TestpressException> */
    private static function failures(): iterable
    {
        $handleForm = static function (string $password, array $options): void {
            (new Client('https://localhost:1', ['retries' => 0] + $options))->login('testpress', $password);
        };
        $attempts = [
            static fn () => $handleForm(self::PASSWORD, []),
            static fn () => $handleForm(self::PASSWORD . "\0", []),
            static fn () => $handleForm(self::PASSWORD . "\xff", []),
            static fn () => $handleForm(self::PASSWORD, ['client_key_file' => '/nonexistent']),
            static fn () => new Session(new Client('demo'), 'ada', self::PASSWORD . "\0"),
            static fn () => new Session(new Client('demo'), 'ada', self::PASSWORD . "\xff"),
            static fn () => (new Session(new Client('https://localhost:1'), 'ada', self::PASSWORD))->token(),
            static fn () => Token::fromJwt('demo', self::JWT . "\0"),
            static fn () => Token::fromJwt('demo', self::JWT . ' '),
        ];
        foreach ($attempts as $attempt) {
            try {
                $attempt();
                self::fail('nothing failed');
            } catch (TestpressException $exception) {
                yield $exception;
            }
        }
    }

    private function assertNoSecret(string $text): void
    {
        self::assertStringNotContainsString('canary', $text);
    }
}
