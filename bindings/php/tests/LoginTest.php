<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Client;
use Testpress\InvalidArgumentException;
use Testpress\RejectedException;
use Testpress\TestpressException;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\Servers;
use Testpress\TimeoutException;
use Testpress\Token;

use function Testpress\login;

/** What a program does with this package, at a real institute. */
final class LoginTest extends TestCase
{
    public function testOneCallLogsIn(): void
    {
        $token = login(Servers::institute(), 'testpress', 'demo', ['login_encoding' => 'multipart'], timeout: 10);
        self::assertSame('testpress', $token->username());
        self::assertSame(17, $token->userId());
        self::assertSame('testpress@example.com', $token->email());
        self::assertSame('testpress', $token->claims()['username']);
        self::assertSame(Servers::institute(), $token->origin());
        self::assertSame($token->claims()['exp'], $token->expiresAt()->getTimestamp());
        self::assertSame('+00:00', $token->expiresAt()->format('P'));
        self::assertEqualsWithDelta(604_800, $token->expiresIn(), 60);
    }

    public function testAClientLogsInAgainAndAgain(): void
    {
        $client = new Client(Servers::institute(), ['retries' => 1, 'allow_http' => false]);
        $first = $client->login('testpress', 'demo');
        $second = $client->login('13956', 'demo');
        self::assertSame(['testpress', '13956'], [$first->username(), $second->username()]);
    }

    public function testATokenOutlivesItsClient(): void
    {
        $client = new Client(Servers::institute());
        $token = $client->login('testpress', 'demo');
        unset($client);
        self::assertStringStartsWith('Authorization: JWT eyJ', $token->header());
    }

    public function testTheHeaderOpensTheApi(): void
    {
        $token = login(Servers::institute(), 'testpress', 'demo');
        $stream = ['http' => ['header' => $token->header(), 'follow_location' => 0]];
        $profile = file_get_contents($token->origin() . '/api/v2.2/me/', false, stream_context_create($stream));
        self::assertSame('testpress', json_decode($profile, true)['username']);
    }

    public function testALoginFormHasTheServersWords(): void
    {
        try {
            login(Servers::institute(), 'testpress', 'not the password');
            self::fail('the server took a wrong password');
        } catch (RejectedException $exception) {
            $words = 'Unable to log in with provided credentials.';
            self::assertSame($words, $exception->serverMessage());
            self::assertSame(['non_field_errors' => [$words]], $exception->fieldErrors());
            self::assertSame($exception->status(), $exception->getCode());
        }
    }

    public function testATimeoutIsForOneCall(): void
    {
        $client = Servers::faultClient('silent-after-request');
        $start = hrtime(true);
        try {
            $client->login('testpress', 'demo', timeout: 0.5);
            self::fail('a silent server answered');
        } catch (TimeoutException $exception) {
            self::assertStringContainsString('500 ms', $exception->getMessage());
            self::assertTrue($exception->requestSent());
        }
        self::assertLessThan(5, (hrtime(true) - $start) / 1e9);
    }

    public function testAClosedClientSaysSo(): void
    {
        $client = new Client('demo');
        self::assertSame('https://demo.testpress.in', $client->origin());
        $client->close();
        $client->close();
        foreach ([$client->origin(...), static fn () => $client->login('testpress', 'demo')] as $use) {
            try {
                $use();
                self::fail('a closed client worked');
            } catch (InvalidArgumentException $exception) {
                self::assertStringContainsString('closed', $exception->getMessage());
            }
        }
    }

    public function testATokenFromAJwtThatWasKept(): void
    {
        $kept = login(Servers::institute(), 'testpress', 'demo')->jwt();
        $token = Token::fromJwt(Servers::institute(), $kept);
        self::assertSame("Authorization: JWT $kept", $token->header());
        self::assertSame('testpress', $token->username());
        $opaque = Token::fromJwt('demo', 'abc');
        self::assertSame([], $opaque->claims());
        self::assertNull($opaque->expiresAt());
        self::assertNull($opaque->expiresIn());
        self::assertNull($opaque->userId());
    }

    public function testDifferentTokensAreNotEqual(): void
    {
        [$token, $other] = [Token::fromJwt('demo', 'abc'), Token::fromJwt('demo', 'def')];
        self::assertFalse($token == $other);
        self::assertFalse(new Client('demo') == new Client('other'));
        self::assertTrue(in_array($token, [$other, $token]));
        self::assertFalse(in_array($token, [$other]));
    }

    /** @dataProvider tokens */
    public function testOddClaimsAreNoTrouble(string $fault): void
    {
        $token = Servers::faultClient($fault)->login('testpress', 'demo');
        self::assertIsArray($token->claims());
        self::assertIsString((string) $token->expiresAt()?->format(DATE_ATOM));
        self::assertIsString(print_r($token, true));
    }

    /** @return iterable<array{string}> */
    public static function tokens(): iterable
    {
        $faults = ['exp-most', 'exp-past', 'exp-beyond-64-bits', 'exp-1e400', 'user-id-beyond-64-bits', 'claims-array'];
        foreach ([...$faults, 'claims-deep', 'claims-duplicate', 'claims-no-utf8', 'username-control'] as $fault) {
            yield $fault => [$fault];
        }
    }

    public function testNumbersBeyond64BitsAreKeptAsTheirDigits(): void
    {
        $payload = rtrim(strtr(base64_encode('{"n": 123456789012345678901234567890, "": 1}'), '+/', '-_'), '=');
        $claims = Token::fromJwt('demo', "e30.$payload.x")->claims();
        self::assertSame(['n' => '123456789012345678901234567890', '' => 1], $claims);
    }

    /** @dataProvider locales */
    public function testTextIsUtf8WhateverTheLocale(string $locale): void
    {
        $run = Php::run(
            'setlocale(LC_ALL, "");
            echo Testpress\login(getenv("TESTPRESS_INSTITUTE"), "unicode", "clé-é-🔑")->username();',
            ['default_charset' => 'ISO-8859-1', 'mbstring.internal_encoding' => ''],
            ['LC_ALL' => $locale, 'TESTPRESS_INSTITUTE' => Servers::institute()],
        );
        self::assertSame(['unicode', ''], [$run->output, $run->errors]);
    }

    /** @return iterable<array{string}> */
    public static function locales(): iterable
    {
        return [['C'], ['POSIX'], ['C.UTF-8']];
    }

    /** @requires extension pcntl */
    public function testAForkedProcessUsesTheClientItInherited(): void
    {
        $run = Php::run('
            $client = new Testpress\Client(getenv("TESTPRESS_INSTITUTE"));
            $token = $client->login("testpress", "demo");
            $children = [];
            for ($i = 0; $i < 4; $i++) {
                $child = pcntl_fork();
                if ($child === 0) {
                    exit($client->login("testpress", "demo")->username() === $token->username() ? 0 : 1);
                }
                $children[] = $child;
            }
            foreach ($children as $child) {
                pcntl_waitpid($child, $status);
                echo pcntl_wifexited($status) ? pcntl_wexitstatus($status) : "killed";
            }
            echo $client->login("testpress", "demo")->username();
        ', [], ['TESTPRESS_INSTITUTE' => Servers::institute()]);
        self::assertSame(['0000testpress', ''], [$run->output, $run->errors]);
    }

    public function testAFiberLogsIn(): void
    {
        $client = new Client(Servers::institute());
        $fiber = new \Fiber(static fn (): ?string => $client->login('testpress', 'demo')->username());
        $fiber->start();
        self::assertSame('testpress', $fiber->getReturn());
    }

    public function testEveryFailureIsATestpressException(): void
    {
        $this->expectException(TestpressException::class);
        login('no such institute', 'testpress', 'demo');
    }
}
