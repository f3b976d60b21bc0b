<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Client;
use Testpress\InvalidArgumentException;
use Testpress\RejectedException;
use Testpress\Session;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\Relay;
use Testpress\Tests\Support\Servers;
use Testpress\ThrottledException;
use Testpress\TimeoutException;
use Testpress\Token;

/** What a program notices of sessions in one process. SessionStoreTest has those of many. */
final class SessionTest extends TestCase
{
    public function testItsHeaderOpensTheApi(): void
    {
        $session = new Session(new Client(Servers::institute()), 'testpress', 'demo');
        self::assertSame(Servers::institute(), $session->origin());
        $token = $session->token(timeout: 10);
        self::assertSame('testpress', $token->username());
        self::assertSame("JWT {$token->jwt()}", $session->authorization());
        self::assertSame("Authorization: JWT {$token->jwt()}", $session->header());
        $stream = ['http' => ['header' => $session->header(), 'follow_location' => 0]];
        $profile = file_get_contents($session->origin() . '/api/v2.2/me/', false, stream_context_create($stream));
        self::assertSame('testpress', json_decode($profile, true)['username']);
    }

    public function testNothingIsSentBeforeATokenIsAskedForAndThenOneLoginServesAll(): void
    {
        $relay = new Relay('another-each-time');
        $session = self::session($relay);
        self::assertSame(0, $relay->connections());
        $jwts = [];
        $ask = static function () use ($session, &$jwts): void {
            \Fiber::suspend();
            $jwts[] = $session->token()->jwt();
        };
        $fibers = array_map(static fn () => new \Fiber($ask), range(1, 20));
        array_map(static fn (\Fiber $fiber) => $fiber->start(), $fibers);
        array_map(static fn (\Fiber $fiber) => $fiber->resume(), $fibers);
        self::assertCount(20, $jwts);
        self::assertCount(1, array_unique($jwts));
        self::assertSame(1, $relay->connections());
    }

    public function testSessionsOfTheSameUserShareATokenAndOthersDoNot(): void
    {
        $relay = new Relay('another-each-time');
        [$one, $same] = [self::session($relay), self::session($relay)];
        self::assertSame($one->token()->jwt(), $same->token()->jwt());
        self::assertSame(1, $relay->connections());
        $jwts = [$one->token()->jwt()];
        foreach ([['bob', 'secret'], ['ada', 'another secret']] as $credentials) {
            $jwts[] = (new Session($relay->client(), ...$credentials))->token()->jwt();
        }
        self::assertCount(3, array_unique($jwts));
        self::assertSame(3, $relay->connections());
    }

    public function testATokenIsRenewedBeforeItExpires(): void
    {
        $relay = new Relay('lives-2s');
        $session = self::session($relay);
        $first = $session->token();
        for ($asked = 0; ($token = $session->token())->jwt() === $first->jwt(); $asked++) {
            self::assertGreaterThanOrEqual(0, $first->expiresIn(), 'seconds left of a token that a session gave');
            usleep(5000);
        }
        self::assertGreaterThan(1, $asked, 'times that the first one was given');
        self::assertGreaterThan(0, $token->expiresIn());
        self::assertSame(2, $relay->connections());
    }

    public function testTheLeewayIsAnOption(): void
    {
        // A busy machine may not get to ask at the right moment.
        for ($tries = 1; true; $tries++) {
            $seconds = [self::secondsUsed('auto'), self::secondsUsed(0)];
            if ($seconds[0] < 1.4 && $seconds[1] > 1.4) {
                break;
            }
            self::assertLessThan(4, $tries, 'a token of two seconds was used for ' . json_encode($seconds));
        }
        self::assertGreaterThan($seconds[0], $seconds[1]);
    }

    public function testARejectedTokenIsReplacedOnce(): void
    {
        $relay = new Relay('another-each-time');
        [$session, $other] = [self::session($relay), self::session($relay)];
        $first = $session->token();
        $session->reject($first);
        $second = $session->token();
        self::assertNotSame($first->jwt(), $second->jwt());
        // As everybody tells who had it.
        $other->reject($first);
        $session->reject(Token::fromJwt($session->origin(), $first->jwt()));
        self::assertSame($second->jwt(), $other->token()->jwt());
        self::assertSame(2, $relay->connections());
    }

    public function testAServerThatAcceptsNoTokenIsLeftAloneAndTheNewestTokenKept(): void
    {
        $relay = new Relay('another-each-time');
        $session = self::session($relay);
        $session->reject($session->token());
        $newest = $session->token();
        $session->reject($newest);
        self::assertSame($newest->jwt(), $session->token()->jwt());
        self::assertSame(2, $relay->connections());
    }

    /** @dataProvider refusals */
    public function testARefusalBacksOff(string $fault, string $class): void
    {
        $relay = new Relay($fault);
        $session = self::session($relay);
        try {
            $session->token();
            self::fail('it was not refused');
        } catch (RejectedException | ThrottledException $first) {
            self::assertTrue($first->requestSent());
        }
        $again = self::assertRefused($class, $session);
        self::assertSame($first->serverBody(), $again->serverBody());
        self::assertSame(1, $relay->connections());
        // A person who types another password, or the same, is not to wait.
        self::expectException($class);
        try {
            $relay->client()->login('ada', 'secret');
        } finally {
            self::assertSame(2, $relay->connections());
        }
    }

    /** @return iterable<string, array{string, class-string}> */
    public static function refusals(): iterable
    {
        yield 'wrong credentials' => ['rejected', RejectedException::class];
        yield 'too many requests' => ['throttled', ThrottledException::class];
    }

    public function testATimeoutIsForOneCall(): void
    {
        $session = new Session(Servers::faultClient('silent-after-request'), 'ada', 'secret');
        foreach (['token', 'authorization', 'header'] as $method) {
            $start = hrtime(true);
            try {
                $session->$method(timeout: 0.3);
                self::fail('a silent server answered');
            } catch (TimeoutException $exception) {
                self::assertMatchesRegularExpression('~^(29\d|300) ms ~', $exception->getMessage());
            }
            self::assertLessThan(5, (hrtime(true) - $start) / 1e9);
        }
    }

    public function testItOutlivesItsClientAndItsTokensOutliveIt(): void
    {
        $client = new Client(Servers::institute());
        $session = new Session($client, 'testpress', 'demo');
        $client->close();
        $token = $session->token();
        $session->close();
        $session->close();
        self::assertSame('testpress', $token->username());
        $uses = [$session->token(...), $session->authorization(...), $session->header(...), $session->origin(...)];
        foreach ([...$uses, $session->checkStore(...), static fn () => $session->reject($token)] as $use) {
            self::assertClosed(Session::class, $use);
        }
        self::assertClosed(Client::class, static fn () => new Session($client, 'testpress', 'demo'));
    }

    public function testDifferentSessionsAreNotEqual(): void
    {
        $client = new Client('demo');
        self::assertFalse(new Session($client, 'ada', 'secret') == new Session($client, 'ada', 'secret'));
    }

    public function testItsClientsLoggerHearsOfTheLogin(): void
    {
        $heard = [];
        $logger = static function (string $level, string $message) use (&$heard): void {
            $heard[] = $message;
        };
        $client = new Client(Servers::institute(), [], $logger);
        $session = new Session($client, 'testpress', 'demo');
        $client->close();
        $session->token();
        self::assertContains('login to ' . Servers::institute(), $heard);
        $heard = [];
        $session->token();
        self::assertSame([], $heard);
    }

    public function testALoggerMayAskForATokenAndCloseTheSession(): void
    {
        $session = null;
        $jwts = [];
        $logger = static function () use (&$session, &$jwts): void {
            if ($jwts === []) {
                // Before it asks: a login that fails has messages, too.
                $jwts[] = null;
                $jwts = [$session->token()->jwt()];
                $session->close();
            }
        };
        $session = new Session(new Client(Servers::institute(), [], $logger), 'testpress', 'demo');
        $token = $session->token();
        self::assertSame([$token->jwt()], $jwts);
        self::assertClosed(Session::class, $session->token(...));
    }

    /** @requires extension pcntl */
    public function testAForkedProcessUsesTheSessionItInherited(): void
    {
        $relay = new Relay('another-each-time');
        $run = Php::run('
            $options = json_decode(getenv("OPTIONS"), true);
            $session = new Testpress\Session(new Testpress\Client(getenv("ORIGIN"), $options), "ada", "secret");
            $token = $session->token();
            for ($i = 0; $i < 4; $i++) {
                $child = pcntl_fork();
                if ($child === 0) {
                    exit($session->token()->jwt() === $token->jwt() ? 0 : 1);
                }
                pcntl_waitpid($child, $status);
                echo pcntl_wifexited($status) ? pcntl_wexitstatus($status) : "killed";
            }
            echo $session->token()->jwt() === $token->jwt() ? " the same" : " another";
        ', [], $relay->environment());
        self::assertSame(['0000 the same', ''], [$run->output, $run->errors]);
        self::assertSame(1, $relay->connections());
    }

    /** For how long a session with that leeway gave its first token. */
    private static function secondsUsed(string|int $leeway): float
    {
        $relay = new Relay('lives-2s');
        $session = self::session($relay, ['expiry_leeway' => $leeway]);
        $first = $session->token()->jwt();
        $start = $last = hrtime(true);
        while ($session->token()->jwt() === $first) {
            $last = hrtime(true);
            usleep(5000);
        }
        return ($last - $start) / 1e9;
    }

    /** @param array<string, string|int> $options */
    private static function session(Relay $relay, array $options = []): Session
    {
        return new Session($relay->client($options), 'ada', 'secret');
    }

    /** @param class-string<\Testpress\RefusedException> $class */
    private static function assertRefused(string $class, Session $session): \Testpress\RefusedException
    {
        try {
            $session->token();
        } catch (\Testpress\RefusedException $exception) {
            self::assertInstanceOf($class, $exception);
            self::assertFalse($exception->requestSent());
            self::assertGreaterThan(0, $exception->retryAfter());
            return $exception;
        }
        self::fail('a token came');
    }

    private static function assertClosed(string $class, \Closure $use): void
    {
        try {
            $use();
            self::fail('what was closed worked');
        } catch (InvalidArgumentException $exception) {
            self::assertStringContainsString("this $class is closed", $exception->getMessage());
        }
    }
}
