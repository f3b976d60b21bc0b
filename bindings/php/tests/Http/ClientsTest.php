<?php

declare(strict_types=1);

namespace Testpress\Tests\Http;

use GuzzleHttp\Client;
use GuzzleHttp\Exception\RequestException;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Promise\Utils;
use Nyholm\Psr7\Request;
use PHPUnit\Framework\TestCase;
use Testpress\Http\GuzzleMiddleware;
use Testpress\Http\Psr18Client;
use Testpress\Tests\Support\Origins;
use Testpress\Tests\Support\Servers;
use Testpress\Token;

use function Testpress\login;

/** Real clients, real servers on several origins, TLS verified. */
final class ClientsTest extends TestCase
{
    private static Origins $origins;

    public static function setUpBeforeClass(): void
    {
        self::$origins = new Origins();
    }

    public static function tearDownAfterClass(): void
    {
        self::$origins->stop();
    }

    public function testGuzzleAuthorizesAtTheOrigin(): void
    {
        self::assertSame('[JWT abc]', self::body(self::pushed()->get(self::$origins->own('/page'))));
    }

    /** @dataProvider others */
    public function testGuzzleDoesNotElsewhere(string $difference): void
    {
        self::assertSame('[]', self::body(self::pushed()->get(self::$origins->others()[$difference])));
    }

    /** @dataProvider redirects */
    public function testGuzzleAfterARedirectElsewhere(int $code, string $difference): void
    {
        $address = self::$origins->own("/redirect/$code?") . self::$origins->others()[$difference];
        foreach ([self::pushed(), self::unshifted()] as $http) {
            self::assertSame('[]', self::body($http->get($address)));
        }
    }

    public function testGuzzleAfterARedirectAtTheOrigin(): void
    {
        $address = self::$origins->own('/redirect/302?') . self::$origins->own('/page');
        foreach ([self::pushed(), self::unshifted()] as $http) {
            self::assertSame('[JWT abc]', self::body($http->get($address)));
        }
    }

    public function testGuzzleAfterARedirectThereAndBack(): void
    {
        $other = rtrim(self::$origins->others()['port'], '/');
        $address = self::$origins->own('/redirect/302?') . "$other/redirect/302?" . self::$origins->own('/page');
        self::assertSame('[JWT abc]', self::body(self::pushed()->get($address)));
    }

    public function testGuzzleManyAtOnce(): void
    {
        $addresses = [self::$origins->own('/page'), ...array_values(self::$origins->others())];
        $http = self::pushed();
        // Guzzle 7.4 uses what PHP 8.2 deprecates.
        $reporting = error_reporting(E_ALL & ~E_DEPRECATED);
        $bodies = Utils::unwrap(array_map(
            static fn (string $address) => $http->getAsync($address)->then(self::body(...)),
            [...$addresses, $addresses[0]],
        ));
        error_reporting($reporting);
        self::assertSame(['[JWT abc]', '[]', '[]', '[]', '[JWT abc]'], $bodies);
    }

    public function testPsr18AuthorizesAtTheOrigin(): void
    {
        self::assertSame('[JWT abc]', self::body(self::psr18()->sendRequest(
            new Request('GET', self::$origins->own('/page'))
        )));
    }

    /** @dataProvider others */
    public function testPsr18DoesNotElsewhere(string $difference): void
    {
        $request = new Request('GET', self::$origins->others()[$difference]);
        self::assertSame('[]', self::body(self::psr18()->sendRequest($request)));
    }

    /** @dataProvider others */
    public function testPsr18FollowedByHand(string $difference): void
    {
        $there = self::$origins->others()[$difference];
        $request = new Request('GET', self::$origins->own("/redirect/302?$there"));
        $redirect = self::psr18()->sendRequest($request);
        self::assertSame(302, $redirect->getStatusCode());
        $next = $request->withUri(new \Nyholm\Psr7\Uri($redirect->getHeaderLine('Location')));
        $next = $next->withHeader('Authorization', 'JWT abc');
        self::assertSame('[]', self::body(self::psr18()->sendRequest($next)));
    }

    public function testTheCertificateIsVerified(): void
    {
        $this->expectException(RequestException::class);
        $this->expectExceptionMessage('SSL certificate problem');
        (new Client())->get(self::$origins->own('/page'));
    }

    public function testAtTheInstitute(): void
    {
        $token = login(Servers::institute(), 'testpress', 'demo');
        $http = self::guzzle($token, getenv('SSL_CERT_FILE'), static fn (HandlerStack $stack, $middleware) =>
            $stack->push($middleware));
        $profile = json_decode(self::body($http->get('/api/v2.2/me/')), true);
        self::assertSame('testpress', $profile['username']);
        $slash = json_decode(self::body($http->get('/api/v2.2/me')), true);
        self::assertSame($profile, $slash);
        $psr18 = new Psr18Client(new Client(['verify' => getenv('SSL_CERT_FILE')]), $token);
        $response = $psr18->sendRequest(new Request('GET', $token->origin() . '/api/v2.2/me/'));
        self::assertSame($profile, json_decode(self::body($response), true));
    }

    /** @return iterable<string, array{string}> */
    public static function others(): iterable
    {
        return ['port' => ['port'], 'host' => ['host'], 'scheme' => ['scheme']];
    }

    /** @return iterable<string, array{int, string}> */
    public static function redirects(): iterable
    {
        foreach ([301, 302, 303, 307, 308] as $code) {
            foreach (array_keys(self::others()) as $difference) {
                yield "$code, another $difference" => [$code, $difference];
            }
        }
    }

    private static function pushed(): Client
    {
        return self::client(static fn (HandlerStack $stack, $middleware) => $stack->push($middleware, 'testpress'));
    }

    private static function unshifted(): Client
    {
        return self::client(static fn (HandlerStack $stack, $middleware) => $stack->unshift($middleware, 'testpress'));
    }

    private static function client(\Closure $place): Client
    {
        return self::guzzle(Token::fromJwt(self::$origins->own(), 'abc'), self::$origins->authority, $place);
    }

    private static function guzzle(Token $token, string $authority, \Closure $place): Client
    {
        $stack = HandlerStack::create();
        $place($stack, new GuzzleMiddleware($token));
        return new Client(['handler' => $stack, 'base_uri' => $token->origin(), 'verify' => $authority]);
    }

    private static function psr18(): Psr18Client
    {
        $token = Token::fromJwt(self::$origins->own(), 'abc');
        return new Psr18Client(new Client(['verify' => self::$origins->authority]), $token);
    }

    private static function body(\Psr\Http\Message\ResponseInterface $response): string
    {
        return (string) $response->getBody();
    }
}
