<?php

declare(strict_types=1);

namespace Testpress\Tests\Http;

use Nyholm\Psr7\Request;
use PHPUnit\Framework\TestCase;
use Testpress\Http\Authorization;
use Testpress\Token;

/** Which requests get the header: those whose address has the token's scheme, host and port. */
final class OriginTest extends TestCase
{
    /** @dataProvider same */
    public function testTheSameOrigin(string $institute, string $address): void
    {
        self::assertSame(['JWT abc'], self::authorization($institute, $address));
    }

    /** @return iterable<array{string, string}> */
    public static function same(): iterable
    {
        yield ['demo', 'https://demo.testpress.in/api/v2.2/me/?page=2#top'];
        yield ['demo', 'https://demo.testpress.in:443'];
        yield ['demo', 'HTTPS://DEMO.Testpress.IN/'];
        yield ['https://learn.example.com:443', 'https://learn.example.com/'];
        yield ['https://learn.example.com:8443', 'https://learn.example.com:8443/'];
        yield ['http://localhost:80', 'http://localhost/'];
        yield ['http://localhost:8000', 'http://localhost:8000/'];
        yield ['https://[::1]:8443', 'https://[::1]:8443/'];
        yield ['https://127.0.0.1:8443', 'https://user:word@127.0.0.1:8443/'];
    }

    /** @dataProvider others */
    public function testAnotherOrigin(string $institute, string $address): void
    {
        self::assertSame([], self::authorization($institute, $address));
    }

    /** @return iterable<array{string, string}> */
    public static function others(): iterable
    {
        yield ['demo', 'http://demo.testpress.in/'];
        yield ['demo', 'http://demo.testpress.in:443/'];
        yield ['demo', 'https://demo.testpress.in:8443/'];
        yield ['demo', 'https://other.testpress.in/'];
        yield ['demo', 'https://evil.demo.testpress.in/'];
        yield ['demo', 'https://testpress.in/'];
        yield ['demo', 'https://demo.testpress.in.evil.example/'];
        yield ['demo', 'https://demo.testpress.in@evil.example/'];
        yield ['demo', 'https://demo.testpress.in:443@evil.example/'];
        yield ['demo', 'https://evil.example/https://demo.testpress.in/'];
        yield ['demo', '/api/v2.2/me/'];
        yield ['demo', '//demo.testpress.in/'];
        yield ['demo', ''];
        yield ['https://127.0.0.1:8443', 'https://localhost:8443/'];
    }

    public function testTheHostHeaderDoesNotCount(): void
    {
        $token = Token::fromJwt('demo', 'abc');
        $request = new Request('GET', 'https://evil.example/', ['Host' => 'demo.testpress.in']);
        self::assertFalse(Authorization::of($request, $token)->hasHeader('Authorization'));
    }

    public function testAHeaderThatWasPutThereIsReplacedAtTheOrigin(): void
    {
        $token = Token::fromJwt('demo', 'abc');
        $request = new Request('GET', 'https://demo.testpress.in/', ['authorization' => 'JWT old']);
        self::assertSame(['JWT abc'], Authorization::of($request, $token)->getHeader('Authorization'));
    }

    public function testElsewhereOnlyTheTokensOwnIsTakenAway(): void
    {
        $token = Token::fromJwt('demo', 'abc');
        $request = new Request('GET', 'https://other.example/', ['Authorization' => ['Basic eA==', 'JWT abc']]);
        self::assertSame(['Basic eA=='], Authorization::of($request, $token)->getHeader('Authorization'));
    }

    /** @return list<string> */
    private static function authorization(string $institute, string $address): array
    {
        $request = new Request('GET', $address);
        return Authorization::of($request, Token::fromJwt($institute, 'abc'))->getHeader('Authorization');
    }
}
