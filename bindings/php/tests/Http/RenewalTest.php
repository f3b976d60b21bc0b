<?php

declare(strict_types=1);

namespace Testpress\Tests\Http;

use GuzzleHttp\Client;
use GuzzleHttp\Exception\ClientException;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Promise\Utils;
use GuzzleHttp\Psr7\NoSeekStream;
use GuzzleHttp\Psr7\Utils as Streams;
use Nyholm\Psr7\Request;
use Nyholm\Psr7\Response;
use PHPUnit\Framework\TestCase;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamInterface;
use Testpress\Http\GuzzleMiddleware;
use Testpress\Http\Psr18Client;
use Testpress\InvalidArgumentException;
use Testpress\RejectedException;
use Testpress\Session;
use Testpress\Tests\Support\Origins;
use Testpress\Tests\Support\TemporaryDirectory;
use Testpress\Tests\Support\TokenServer;

/** A session in a token's place: its header at each request, and one more request after a 401. */
final class RenewalTest extends TestCase
{
    private const LOGIN = 'POST /api/v2.5/auth-token/ []';
    private const ONE = '[JWT canary.token.1]';
    private const TWO = '[JWT canary.token.2]';

    private TokenServer $server;
    private Session $session;

    protected function setUp(): void
    {
        $this->server = new TokenServer();
        $this->session = $this->server->session();
    }

    protected function tearDown(): void
    {
        $this->session->close();
        $this->server->stop();
    }

    /** @dataProvider clients */
    public function testOneLoginServesManyRequests(string $kind): void
    {
        $http = $this->client($kind);
        foreach ([1, 2, 3] as $_) {
            self::assertSame(self::ONE . ' GET ', self::body($this->send($http)));
        }
        $page = 'GET /page ' . self::ONE;
        self::assertSame([self::LOGIN, $page, $page, $page], $this->server->requests());
    }

    /** @dataProvider clients */
    public function testA401IsAnsweredWithANewToken(string $kind): void
    {
        $http = $this->client($kind);
        $this->send($http);
        $this->server->revoke(1);
        $response = $this->send($http, 'POST', 'the body');
        self::assertSame([200, self::TWO . ' POST the body'], [$response->getStatusCode(), self::body($response)]);
        self::assertSame(self::TWO . ' GET ', self::body($this->send($http)));
        $pages = ['GET /page ' . self::ONE, 'POST /page ' . self::ONE];
        $pages = [...$pages, self::LOGIN, 'POST /page ' . self::TWO, 'GET /page ' . self::TWO];
        self::assertSame([self::LOGIN, ...$pages], $this->server->requests());
    }

    /** @dataProvider clients */
    public function testTheSecond401IsTheCallers(string $kind): void
    {
        $this->server->revoke(9);
        $response = $this->send($this->client($kind), 'POST', 'the body');
        self::assertSame([401, self::TWO . ' POST the body'], [$response->getStatusCode(), self::body($response)]);
        $expected = [self::LOGIN, 'POST /page ' . self::ONE, self::LOGIN, 'POST /page ' . self::TWO];
        self::assertSame($expected, $this->server->requests());
    }

    /** @dataProvider clients */
    public function testAServerThatAcceptsNoTokenGetsNoLoginPerRequest(string $kind): void
    {
        $this->server->revoke(99);
        $http = $this->client($kind);
        for ($sent = 0; $sent < 5; $sent++) {
            $response = $this->send($http);
            self::assertSame([401, self::TWO . ' GET '], [$response->getStatusCode(), self::body($response)]);
        }
        self::assertSame(self::TWO . ' GET ', self::body($this->send($http, address: "{$this->server->origin}/open")));
        self::assertCount(2, array_keys($this->server->requests(), self::LOGIN));
    }

    /** @dataProvider clients */
    public function testWhenA401BringsNoNewTokenThatIsTheError(string $kind): void
    {
        $http = $this->client($kind);
        $this->send($http);
        $this->server->revoke(1);
        $this->server->refuseLogins();
        try {
            $this->send($http);
            self::fail('it was answered');
        } catch (ClientExceptionInterface | RejectedException $exception) {
            $reason = $kind === 'Guzzle' ? $exception : $exception->getPrevious();
            self::assertInstanceOf(RejectedException::class, $reason);
        }
        $page = 'GET /page ' . self::ONE;
        self::assertSame([self::LOGIN, $page, $page, self::LOGIN], $this->server->requests());
    }

    public function testTheAnswerOfA401IsClosedBeforeTheLogin(): void
    {
        $this->session->token();
        $this->server->refuseLogins();
        $body = fopen('php://memory', 'w+');
        $this->answerWith401(Streams::streamFor($body), null);
        self::assertFalse(is_resource($body));
    }

    public function testASessionThatWasClosedMeanwhileSaysSo(): void
    {
        $answer = Streams::streamFor('an answer');
        $closed = $this->answerWith401($answer, null, fn () => $this->session->close());
        self::assertInstanceOf(InvalidArgumentException::class, $closed->getPrevious());
    }

    public function testTheAnswerToABodyThatIsGoneOutlivesTheSession(): void
    {
        $once = new NoSeekStream(Streams::streamFor('the body'));
        $answer = Streams::streamFor('an answer');
        $response = $this->answerWith401($answer, $once, fn () => $this->session->close());
        self::assertSame('an answer', self::body($response));
    }

    /** @dataProvider clients */
    public function testABodyThatCanBeSentOnlyOnceIsNotSentAgain(string $kind): void
    {
        $this->server->revoke(1);
        $http = $this->client($kind);
        $once = new NoSeekStream(Streams::streamFor('the body'));
        $response = $this->send($http, 'POST', $once);
        self::assertSame([401, self::ONE . ' POST the body'], [$response->getStatusCode(), self::body($response)]);
        // The token is known to be bad all the same.
        self::assertSame(self::TWO . ' GET ', self::body($this->send($http)));
        self::assertCount(4, $this->server->requests());
    }

    public function testAnEmptyBodyCanAlwaysBeSentAgain(): void
    {
        $this->server->revoke(1);
        $empty = new NoSeekStream(Streams::streamFor(''));
        self::assertSame(self::TWO . ' POST ', self::body($this->send($this->client('PSR-18'), 'POST', $empty)));
    }

    public function testAPipeIsReadOnce(): void
    {
        [$near, $far] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        fwrite($near, 'the body');
        fclose($near);
        // Its size is 0, as that of an empty body.
        $pipe = Streams::streamFor($far, ['size' => 0]);
        $response = $this->answerWith401(Streams::streamFor('an answer'), $pipe);
        self::assertSame('an answer', self::body($response));
        self::assertSame('canary.token.2', $this->session->token()->jwt());
    }

    public function testABodyIsSentAgainFromWhereItBegan(): void
    {
        $this->server->revoke(1);
        // PSR-18 leaves it to a client whether it sends a body from its start, or from where it stands.
        $fromHere = new class implements ClientInterface {
            /** @var list<string> */
            public array $sent = [];

            public function sendRequest(RequestInterface $request): ResponseInterface
            {
                $this->sent[] = $request->getBody()->getContents();
                return new Response(count($this->sent) === 1 ? 401 : 200);
            }
        };
        $body = Streams::streamFor('head, and the rest');
        $body->seek(6);
        $this->send(new Psr18Client($fromHere, $this->session), 'POST', $body);
        self::assertSame(['and the rest', 'and the rest'], $fromHere->sent);
    }

    /** @dataProvider clients */
    public function testAnotherOriginGetsNoHeaderAndCausesNoLogin(string $kind): void
    {
        $origins = new Origins();
        $http = $this->client($kind, $origins->authority);
        foreach ($origins->others() as $address) {
            self::assertSame('[]', self::body($this->send($http, 'GET', null, $address)));
        }
        self::assertSame([], $this->server->requests());
        // Nor one that was put there by hand.
        $header = ['Authorization' => $this->session->authorization()];
        $request = new Request('GET', $origins->own('/page'), $header);
        self::assertSame('[]', self::body($http->sendRequest($request)));
        $origins->stop();
    }

    /**
     * @testWith [301]
     *           [302]
     *           [303]
     *           [307]
     *           [308]
     */
    public function testNoHeaderFollowsARedirectElsewhere(int $code): void
    {
        $origins = new Origins();
        foreach (['push', 'unshift'] as $place) {
            $http = $this->guzzle($place, $origins->authority);
            foreach ($origins->others() as $address) {
                self::assertSame('[]', self::body($http->get("/redirect/$code?$address")));
            }
            $own = "{$this->server->origin}/page";
            self::assertSame(self::ONE . ' GET ', self::body($http->get("/redirect/$code?$own")));
        }
        $origins->stop();
    }

    public function testA401OfAnotherServerSaysNothingAboutTheToken(): void
    {
        $other = new TokenServer();
        $other->revoke(9);
        foreach (['push', 'unshift'] as $place) {
            $http = $this->guzzle($place);
            $response = $http->get("/redirect/302?$other->origin/page", ['http_errors' => false]);
            self::assertSame([401, '[] GET '], [$response->getStatusCode(), self::body($response)]);
        }
        self::assertSame(['GET /page []', 'GET /page []'], $other->requests());
        self::assertSame(self::ONE . ' GET ', self::body($http->get('/page')));
        $other->stop();
    }

    public function testBehindARedirectTheTokenIsReplacedToo(): void
    {
        $this->server->revoke(1);
        $http = $this->guzzle('push');
        self::assertSame(self::TWO . ' GET ', self::body($http->get("/redirect/302?{$this->server->origin}/page")));
    }

    public function testManyAtOnceTakeOneNewToken(): void
    {
        $this->server->revoke(1);
        $http = $this->guzzle('push');
        // Guzzle 7.4 uses what PHP 8.2 deprecates.
        $reporting = error_reporting(E_ALL & ~E_DEPRECATED);
        $promises = array_map(static fn () => $http->getAsync('/page')->then(self::body(...)), range(1, 8));
        $bodies = Utils::unwrap($promises);
        error_reporting($reporting);
        self::assertSame(array_fill(0, 8, self::TWO . ' GET '), $bodies);
        self::assertCount(2, array_keys($this->server->requests(), self::LOGIN));
    }

    public function testGuzzlesOptionsWorkAsEver(): void
    {
        $this->server->revoke(1);
        $directory = new TemporaryDirectory();
        $codes = [];
        $count = static function (\GuzzleHttp\TransferStats $stats) use (&$codes): void {
            $codes[] = $stats->getResponse()->getStatusCode();
        };
        $this->guzzle('push')->get('/page', ['sink' => "$directory->path/page", 'on_stats' => $count]);
        self::assertSame([401, 200], $codes);
        self::assertStringEqualsFile("$directory->path/page", self::TWO . ' GET ');
    }

    public function testA401InAStreamOfTheCallersStaysThere(): void
    {
        $this->server->revoke(1);
        $stream = fopen('php://memory', 'w+');
        $response = $this->guzzle('push')->get('/page', ['sink' => $stream, 'http_errors' => false]);
        self::assertSame(401, $response->getStatusCode());
        self::assertSame(self::ONE . ' GET ', stream_get_contents($stream, null, 0));
        // The token is known to be bad all the same.
        self::assertSame('canary.token.2', $this->session->token()->jwt());
    }

    /**
     * @testWith ["push"]
     *           ["unshift"]
     */
    public function testGuzzleThrowsTheSecond401(string $place): void
    {
        $this->server->revoke(9);
        try {
            $this->guzzle($place)->get('/page');
            self::fail('it was accepted');
        } catch (ClientException $exception) {
            $answer = self::body($exception->getResponse());
            self::assertSame([401, self::TWO . ' GET '], [$exception->getCode(), $answer]);
        }
        self::assertSame('canary.token.2', $this->session->token()->jwt());
    }

    public function testA401ThatIsAnExceptionIsAnsweredWithANewToken(): void
    {
        $this->server->revoke(1);
        self::assertSame(self::TWO . ' GET ', self::body($this->guzzle('unshift')->get('/page')));
    }

    public function testWithoutATokenNothingIsSent(): void
    {
        $this->server->refuseLogins();
        try {
            $this->send($this->client('PSR-18'));
            self::fail('it was sent');
        } catch (ClientExceptionInterface $exception) {
            self::assertInstanceOf(RejectedException::class, $exception->getPrevious());
            self::assertSame([20, $exception->getPrevious()->getMessage()], [
                $exception->getCode(),
                $exception->getMessage(),
            ]);
        }
        try {
            $this->guzzle('push')->get('/page');
            self::fail('it was sent');
        } catch (RejectedException) {
            self::assertSame([self::LOGIN], $this->server->requests());
        }
    }

    /** @return iterable<string, array{string}> */
    public static function clients(): iterable
    {
        return ['Guzzle' => ['Guzzle'], 'PSR-18' => ['PSR-18']];
    }

    private function client(string $kind, bool|string $authority = true): ClientInterface
    {
        return $kind === 'Guzzle'
            ? $this->guzzle('push', $authority)
            : new Psr18Client(new Client(['verify' => $authority]), $this->session);
    }

    private function guzzle(string $place, bool|string $authority = true): Client
    {
        $stack = HandlerStack::create();
        $stack->$place(new GuzzleMiddleware($this->session), 'testpress');
        return new Client(['handler' => $stack, 'base_uri' => $this->session->origin(), 'verify' => $authority]);
    }

    private function send(
        ClientInterface $http,
        string $method = 'GET',
        mixed $body = null,
        ?string $address = null,
    ): ResponseInterface {
        return $http->sendRequest(new Request($method, $address ?? "{$this->server->origin}/page", [], $body));
    }

    /** What comes of a request to a server that answers 401, and which is sent once at most. */
    private function answerWith401(
        StreamInterface $answer,
        ?StreamInterface $body,
        ?\Closure $meanwhile = null,
    ): ResponseInterface|ClientExceptionInterface {
        $client = $this->createMock(ClientInterface::class);
        $client->expects(self::once())->method('sendRequest')->willReturnCallback(
            static function (RequestInterface $request) use ($answer, $meanwhile): ResponseInterface {
                $request->getBody()->getContents();
                $meanwhile === null || $meanwhile();
                return new Response(401, [], $answer);
            },
        );
        try {
            return $this->send(new Psr18Client($client, $this->session), 'POST', $body);
        } catch (ClientExceptionInterface $exception) {
            return $exception;
        }
    }

    private static function body(ResponseInterface $response): string
    {
        return (string) $response->getBody();
    }
}
