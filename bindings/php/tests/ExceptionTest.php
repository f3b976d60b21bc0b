<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\TestpressException;
use Testpress\Tests\Support\FakeLibrary;
use Testpress\Tests\Support\Php;
use Testpress\ThrottledException;

final class ExceptionTest extends TestCase
{
    public function testAnUnknownStatusIsTheBaseClass(): void
    {
        $library = new FakeLibrary('int32_t tp_client_login(void) { return 99; }');
        $run = Php::run('
            try {
                Testpress\login("https://localhost:1", "testpress", "demo");
            } catch (Testpress\TestpressException $exception) {
                echo get_class($exception), " ", $exception->status(), " ", $exception->statusName();
            }
        ', [], ['TESTPRESS_LIBRARY' => $library->file]);
        self::assertSame(['Testpress\TestpressException 99 TP_E_?', ''], [$run->output, $run->errors]);
    }

    /**
     * @dataProvider bodies
     * @param array<string, list<string>> $expected
     */
    public function testFieldErrors(?string $body, array $expected): void
    {
        self::assertSame($expected, (new TestpressException(serverBody: $body))->fieldErrors());
    }

    /** @return iterable<string, array{?string, array<string, list<string>>}> */
    public static function bodies(): iterable
    {
        yield 'none' => [null, []];
        yield 'no JSON' => ['<html>', []];
        yield 'a list' => ['["a"]', []];
        yield 'a text' => ['"a"', []];
        yield 'two fields' => ['{"password": ["Short.", "Weak."], "x": ["y"]}', [
            'password' => ['Short.', 'Weak.'],
            'x' => ['y'],
        ]];
        yield 'what is no list of texts' => ['{"detail": "no", "code": 1, "a": {"b": ["c"]}, "d": [1, "e"], "f": []}', [
            'd' => ['e'],
        ]];
    }

    public function testAnApplicationMakesOneForItsTests(): void
    {
        $exception = new ThrottledException('slow down', httpStatus: 429, retryAfter: 60, retryable: true);
        self::assertSame([429, 60], [$exception->httpStatus(), $exception->retryAfter()]);
        self::assertTrue($exception->retryable());
    }
}
