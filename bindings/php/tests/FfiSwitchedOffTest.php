<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Tests\Support\Paths;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\TemporaryDirectory;

/** PHP's FFI has three ways to be off; each message has the lines that turn it on. FpmTest has the fourth. */
final class FfiSwitchedOffTest extends TestCase
{
    private const SHOW = '
        try {
            echo Testpress\Library::version();
        } catch (Testpress\LibraryException $exception) {
            echo $exception->reason(), "\n", $exception->getMessage(), "\n";
            echo $exception->status(), json_encode($exception->statusName());
        }';

    /** @dataProvider settingsThatWork */
    public function testOnTheCommandLineItWorks(string $setting): void
    {
        $run = Php::run(self::SHOW, ['ffi.enable' => $setting]);
        self::assertSame(['0.1.0', ''], [$run->output, $run->errors]);
    }

    /** @return list<array{string}> */
    public static function settingsThatWork(): array
    {
        return [['preload'], ['1'], ['true']];
    }

    public function testSwitchedOff(): void
    {
        $directory = new TemporaryDirectory();
        $ini = $directory->write('php.ini', "ffi.enable=0\n");
        $run = Php::run(self::SHOW, [], [], ['-c', $ini]);
        $expected = "ffi-off\nFFI is switched off (ffi.enable=0). Please add this to $ini:\n"
            . "    ffi.enable=preload\nand restart PHP.\n0\"\"";
        self::assertSame([$expected, ''], [$run->output, $run->errors]);
    }

    public function testWithoutTheExtension(): void
    {
        if (!is_file(PHP_EXTENSION_DIR . '/ffi.so')) {
            self::markTestSkipped('FFI is built into this PHP');
        }
        $run = Php::command([PHP_BINARY, '-n', '-r', "require '" . Paths::package('autoload.php') . "';" . self::SHOW]);
        self::assertStringStartsWith("ffi-off\nPHP's FFI extension is not loaded.", $run->output);
        self::assertStringContainsString("add this to php.ini:\n    extension=ffi\nand restart PHP.", $run->output);
    }
}
