<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Client;
use Testpress\TestpressException;
use Testpress\Tests\Support\Paths;
use Testpress\Tests\Support\Servers;
use Testpress\Token;

/** The cases that every language's package runs: tests/conformance/README.md tells what they mean. */
final class ConformanceTest extends TestCase
{
    private const TOKEN = ['username', 'email', 'authorization', 'header', 'jwt', 'claims'];
    private const TOKEN_METHODS = ['user_id' => 'userId'];
    private const ERROR_METHODS = [
        'http_status' => 'httpStatus',
        'server_code' => 'serverCode',
        'server_message' => 'serverMessage',
        'server_body' => 'serverBody',
        'retry_after' => 'retryAfter',
        'retryable' => 'retryable',
        'request_sent' => 'requestSent',
        'field_errors' => 'fieldErrors',
    ];

    /**
     * @dataProvider cases
     * @param array<string, mixed> $case
     */
    public function testCase(array $case): void
    {
        $expect = $case['expect'];
        try {
            $client = self::client($case);
            $token = $client->login($case['username'], $case['password']);
        } catch (TestpressException $exception) {
            self::assertSame($expect['status'], $exception->statusName(), $exception->getMessage());
            // A refused institute may be quoted, and the messages' example of one is most cases' password.
            $password = isset($case['server']) ? $case['password'] : null;
            $this->checkException($exception, $expect, $password);
            return;
        }
        self::assertSame($expect['status'], 'TP_OK');
        self::assertSame($client->origin(), $token->origin());
        $this->checkToken($token, $expect);
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function cases(): iterable
    {
        $file = dirname(__DIR__, 3) . '/tests/conformance/cases.json';
        foreach (json_decode(file_get_contents($file), true, 512, JSON_THROW_ON_ERROR) as $case) {
            yield $case['name'] . ' (' . ($case['server'] ?? 'no server') . ')' => [$case];
        }
    }

    public function testThereAreAtLeastFortyCases(): void
    {
        Paths::repository('tests/conformance/cases.json');
        self::assertGreaterThanOrEqual(40, count(iterator_to_array(self::cases())));
    }

    /** @param array<string, mixed> $case */
    private static function client(array $case): Client
    {
        $options = $case['options'] ?? [];
        $server = $case['server'] ?? null;
        if ($server === null) {
            return new Client($case['institute'], $options);
        }
        return $server === 'institute'
            ? new Client(Servers::institute(), $options)
            : Servers::faultClient(substr($server, strlen('fault:')), $options);
    }

    /** @param array<string, mixed> $expect */
    private function checkToken(Token $token, array $expect): void
    {
        self::assertSame('JWT ' . $token->jwt(), $token->authorization());
        self::assertSame('Authorization: ' . $token->authorization(), $token->header());
        $methods = array_combine(self::TOKEN, self::TOKEN) + self::TOKEN_METHODS;
        foreach (array_intersect_key($methods, $expect) as $key => $method) {
            self::assertSame($expect[$key], $token->$method(), $key);
        }
        foreach ($expect['claims_contain'] ?? [] as $claim) {
            self::assertArrayHasKey($claim, $token->claims());
        }
        if (($expect['expires'] ?? null) === true) {
            self::assertGreaterThan(new \DateTimeImmutable(), $token->expiresAt());
            self::assertGreaterThan(0, $token->expiresIn());
        } elseif (isset($expect['expires'])) {
            self::assertNull($token->expiresAt());
            self::assertNull($token->expiresIn());
        }
    }

    /** @param array<string, mixed> $expect */
    private function checkException(TestpressException $exception, array $expect, ?string $password): void
    {
        foreach (array_intersect_key(self::ERROR_METHODS, $expect) as $key => $method) {
            self::assertSame($expect[$key], $exception->$method(), $key);
        }
        foreach ($expect['message_contains'] ?? [] as $part) {
            self::assertStringContainsString($part, $exception->getMessage());
        }
        if ($password !== null && mb_strlen($password) >= 4) {
            $texts = [$exception->getMessage(), $exception->serverMessage(), $exception->serverBody()];
            self::assertStringNotContainsString($password, implode("\n", $texts));
        }
    }
}
