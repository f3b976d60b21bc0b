<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Client;
use Testpress\InvalidArgumentException;
use Testpress\Library;
use Testpress\Session;
use Testpress\Token;

use function Testpress\login;

/** Bad input is refused with a message that names the argument, and nothing is sent. */
final class ArgumentsTest extends TestCase
{
    /** @dataProvider refused */
    public function testRefused(\Closure $use, string ...$parts): void
    {
        try {
            $use();
            self::fail('it was taken');
        } catch (InvalidArgumentException $exception) {
            foreach ($parts as $part) {
                self::assertStringContainsString($part, $exception->getMessage());
            }
            self::assertSame([1, 'TP_E_INVALID_ARGUMENT'], [$exception->status(), $exception->statusName()]);
            self::assertSame([null, false], [$exception->httpStatus(), $exception->requestSent()]);
        }
    }

    /** @return iterable<string, array<\Closure|string>> */
    public static function refused(): iterable
    {
        // Nobody listens there: a login that was not refused would be a ConnectException.
        $login = static fn (string $username, string $password, ?float $timeout = null): \Closure =>
            static fn () => login('https://localhost:1', $username, $password, [], $timeout);
        $client = static fn (array $options): \Closure => static fn () => new Client('demo', $options);
        $session = static fn (string $username, string $password): \Closure =>
            static fn () => new Session(new Client('demo'), $username, $password);
        $token = static fn (float $timeout): \Closure =>
            static fn () => (new Session(new Client('https://localhost:1'), 'a', 'b'))->token($timeout);
        foreach (self::texts() as $what => [$text, $part]) {
            yield "institute: $what" => [static fn () => new Client($text), 'institute', $part];
            yield "username: $what" => [$login($text, 'x'), 'username', $part];
            yield "password: $what" => [$login('x', $text), 'password', $part];
            yield "jwt: $what" => [static fn () => Token::fromJwt('demo', $text), 'jwt', $part];
            yield "jwt's institute: $what" => [static fn () => Token::fromJwt($text, 'abc'), 'institute', $part];
            yield "option's name: $what" => [$client([$text => '1']), $part];
            yield "session's username: $what" => [$session($text, 'x'), 'username', $part];
            yield "session's password: $what" => [$session('x', $text), 'password', $part];
        }
        yield 'option with a NUL' => [$client(['ca_file' => "/etc\0/x"]), 'ca_file', 'NUL'];
        yield 'option that is null' => [$client(['ca_file' => null]), 'ca_file', 'null'];
        yield 'option that is an array' => [$client(['ca_file' => []]), 'ca_file', 'array'];
        yield 'option that is an object' => [$client(['ca_file' => new \stdClass()]), 'ca_file', 'stdClass'];
        yield 'option without a name' => [$client(['v2.5']), 'option', '0'];
        yield 'option that has a wrong type' => [$client(['timeout_ms' => 1.5]), 'timeout_ms', '1.5'];
        yield 'timeout of zero' => [$login('a', 'b', 0), 'timeout'];
        yield 'timeout below zero' => [$login('a', 'b', -1), 'timeout'];
        yield 'timeout that is no number' => [$login('a', 'b', NAN), 'timeout'];
        yield "session's timeout of zero" => [$token(0), 'timeout'];
        yield "session's timeout that is no number" => [$token(NAN), 'timeout'];
        yield 'store: no such kind' => [$client(['store' => 'redis']), 'store', 'file'];
        yield 'store: a relative path' => [$client(['store' => 'file:tokens']), 'store', 'absolute'];
        yield 'leeway below zero' => [$client(['expiry_leeway' => -1]), 'expiry_leeway'];
        yield 'log level' => [static fn () => new Client('demo', [], 'strlen', 'notice'), 'logLevel', 'notice'];
        yield 'library: empty' => [static fn () => Library::use(''), 'file'];
    }

    /** @return array<string, array{string, string}> */
    private static function texts(): array
    {
        return [
            'empty' => ['', ''],
            'NUL' => ["de\0mo", 'NUL'],
            'NUL at the end' => ["demo\0", 'NUL'],
            'a byte that is no UTF-8' => ["d\xffmo", ''],
            'UTF-8 cut short' => ["demo\xe2\x82", ''],
            'an overlong form' => ["\xc0\xaf", ''],
            'a surrogate' => ["\xed\xa0\x80", ''],
            'very long' => [str_repeat('x', 70_000), ''],
        ];
    }

    /** @dataProvider wrongTypes */
    public function testAWrongTypeIsATypeError(\Closure $use): void
    {
        $this->expectException(\TypeError::class);
        $use();
    }

    /** @return iterable<string, array{\Closure}> */
    public static function wrongTypes(): iterable
    {
        yield 'null as institute' => [static fn () => new Client(null)];
        yield 'array as options' => [static fn () => new Client('demo', 'timeout_ms=1')];
        yield 'null as password' => [static fn () => login('demo', 'testpress', null)];
        yield 'array as username' => [static fn () => login('demo', [], 'demo')];
        yield 'object as JWT' => [static fn () => Token::fromJwt('demo', new \stdClass())];
        yield 'string as logger' => [static fn () => new Client('demo', [], 'no such function')];
        yield 'institute as client' => [static fn () => new Session('demo', 'a', 'b')];
        yield "null as session's password" => [static fn () => new Session(new Client('demo'), 'a', null)];
        yield 'JWT as rejected token' => [static fn () => (new Session(new Client('demo'), 'a', 'b'))->reject('eyJ')];
        yield 'text as timeout' => [static fn () => login('demo', 'a', 'b', [], 'soon')];
    }

    public function testWhatIsAStringIsTakenAsOne(): void
    {
        $file = new \SplFileInfo('/nonexistent/ca.pem');
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage('/nonexistent/ca.pem');
        new Client('demo', ['ca_file' => $file]);
    }

    public function testALongTimeoutCountsAsADay(): void
    {
        foreach ([1e6, 1e300, INF] as $timeout) {
            try {
                (new Client('https://localhost:1', ['retries' => 0]))->login('testpress', 'demo', $timeout);
                self::fail('somebody listens on port 1');
            } catch (\Testpress\ConnectException $exception) {
                self::assertFalse($exception->requestSent());
            }
        }
    }
}
