<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Native\Bridge;
use Testpress\Native\Failure;
use Testpress\NetworkException;
use Testpress\RefusedException;
use Testpress\ServerFaultException;
use Testpress\TestpressException;
use Testpress\Tests\Support\Paths;
use Testpress\Tests\Support\Php;

/** What is written twice, here and in the C header, is the same. */
final class StatusTableTest extends TestCase
{
    public function testEveryStatusOfTheHeaderHasItsExceptionAndNoOtherHas(): void
    {
        $expected = [];
        foreach (self::statuses() as $name => $number) {
            $expected[$number] = 'Testpress\\' . str_replace('_', '', ucwords(strtolower($name), '_')) . 'Exception';
        }
        self::assertNotEmpty($expected);
        self::assertSame($expected, Failure::CLASSES);
    }

    public function testTheLibraryKnowsEveryNumberByTheHeadersName(): void
    {
        foreach (self::statuses() as $name => $number) {
            $known = Bridge::get()->library->tp_status_name($number);
            self::assertSame("TP_E_$name", $known);
        }
    }

    public function testEveryExceptionIsInTheGroupOfItsNumber(): void
    {
        foreach (Failure::CLASSES as $number => $class) {
            $group = match (true) {
                $number < 10 => TestpressException::class,
                $number < 20 => NetworkException::class,
                $number < 40 => RefusedException::class,
                default => ServerFaultException::class,
            };
            self::assertSame($group, get_parent_class($class), $class);
        }
    }

    public function testThereIsNoOtherException(): void
    {
        $files = array_map(
            static fn (string $file): string => 'Testpress\\' . basename($file, '.php'),
            glob(Paths::package('exceptions/*.php')),
        );
        $groups = ['Testpress', 'Network', 'Refused', 'ServerFault', 'Library'];
        $groups = array_map(static fn (string $name): string => "Testpress\\{$name}Exception", $groups);
        self::assertEqualsCanonicalizing([...$groups, ...Failure::CLASSES], $files);
    }

    public function testTheDeclarationsAreThoseOfTheHeader(): void
    {
        Paths::repository('include/testpress.h');
        $generated = Php::command([PHP_BINARY, Paths::package('tools/generate-declarations'), '--print']);
        self::assertSame(0, $generated->status, $generated->errors);
        self::assertStringEqualsFile(
            Paths::package('src/Native/Declarations.php'),
            $generated->output,
            'run tools/generate-declarations',
        );
    }

    /** @return array<string, int> the numbers of the header's TP_E_ lines, by the name after that */
    private static function statuses(): array
    {
        preg_match_all('~^#define TP_E_(\w+) (\d+)$~m', self::header(), $matches);
        return array_combine($matches[1], array_map('intval', $matches[2]));
    }

    private static function header(): string
    {
        return file_get_contents(Paths::repository('include/testpress.h'));
    }
}
