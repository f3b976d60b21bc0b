<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\LibraryException;
use Testpress\Tests\Support\FakeLibrary;
use Testpress\Tests\Support\Paths;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\TemporaryDirectory;

/** Which file is loaded, and what is said when none can be. Each in a process of its own: a library stays loaded. */
final class LoadingTest extends TestCase
{
    private const NONE = '/nonexistent/libtestpress.so.1';

    public function testTheSettingInCodeComesFirst(): void
    {
        $use = 'Testpress\Library::use(' . var_export(Paths::library(), true) . ');';
        $this->assertLoads(Paths::library(), $use, ['TESTPRESS_LIBRARY' => self::NONE]);
    }

    public function testThenTheVariable(): void
    {
        $this->assertLoads(Paths::library(), '', ['TESTPRESS_LIBRARY' => Paths::library()]);
    }

    public function testThenThePackagesOwnFile(): void
    {
        $package = self::copyOfThePackage();
        mkdir("$package->path/lib");
        copy(Paths::library(), "$package->path/lib/libtestpress.so.1");
        $run = self::inPackage($package, ['LD_LIBRARY_PATH' => dirname(Paths::library())]);
        self::assertSame(["$package->path/lib/libtestpress.so.1", ''], [$run->output, $run->errors]);
    }

    public function testThenTheSystems(): void
    {
        $package = self::copyOfThePackage();
        $run = self::inPackage($package, ['LD_LIBRARY_PATH' => dirname(Paths::library())]);
        self::assertSame(['libtestpress.so.1', ''], [$run->output, $run->errors]);
    }

    public function testAnEmptyVariableIsNone(): void
    {
        $package = self::copyOfThePackage();
        $environment = ['LD_LIBRARY_PATH' => dirname(Paths::library()), 'TESTPRESS_LIBRARY' => ''];
        self::assertSame('libtestpress.so.1', self::inPackage($package, $environment)->output);
    }

    public function testAMistakeInTheSettingIsNotCoveredByAnotherLibrary(): void
    {
        $environment = ['TESTPRESS_LIBRARY' => Paths::library(), 'LD_LIBRARY_PATH' => dirname(Paths::library())];
        $use = 'Testpress\Library::use("' . self::NONE . '");';
        $message = $this->failure(LibraryException::NOT_FOUND, $use, $environment);
        self::assertStringContainsString(self::NONE . ' (named with Testpress\Library::use())', $message);
        self::assertStringNotContainsString(Paths::library(), $message);
    }

    public function testNorIsOneInTheVariable(): void
    {
        $environment = ['TESTPRESS_LIBRARY' => self::NONE, 'LD_LIBRARY_PATH' => dirname(Paths::library())];
        $message = $this->failure(LibraryException::NOT_FOUND, '', $environment);
        self::assertStringContainsString(self::NONE . ' (named by TESTPRESS_LIBRARY): cannot open', $message);
        self::assertSame(1, substr_count($message, ' (named by '));
    }

    public function testEveryPathThatWasTriedIsNamed(): void
    {
        $package = self::copyOfThePackage();
        $message = self::inPackage($package, ['LD_LIBRARY_PATH' => null])->output;
        self::assertStringContainsString("\n  $package->path/lib/libtestpress.so.1 (this package's): ", $message);
        self::assertStringContainsString("\n  libtestpress.so.1 (the system's): ", $message);
        self::assertStringContainsString('make install', $message);
        self::assertStringContainsString('TESTPRESS_LIBRARY=', $message);
    }

    /** @dataProvider notLibraries */
    public function testWhatIsNoLibraryIsNotFound(string $file, string $why): void
    {
        $message = $this->failure(LibraryException::NOT_FOUND, '', ['TESTPRESS_LIBRARY' => $file]);
        self::assertStringContainsString($file, $message);
        self::assertStringContainsString($why, $message);
    }

    /** @return iterable<string, array{string, string}> */
    public static function notLibraries(): iterable
    {
        yield 'a text' => [__FILE__, 'invalid ELF header'];
        yield 'a directory' => ['/tmp', 'directory'];
        yield 'an empty file' => ['/dev/null', ''];
        yield 'another library' => ['libc.so.6', 'undefined symbol: tp_abi_version'];
    }

    /** @requires extension posix */
    public function testAFileWithoutReadPermission(): void
    {
        $directory = new TemporaryDirectory();
        $file = "$directory->path/libtestpress.so.1";
        copy(Paths::library(), $file);
        chmod($file, 0);
        $asNobody = 'class_exists("Testpress\Client"); posix_seteuid(65534);';
        $message = $this->failure(LibraryException::NOT_FOUND, $asNobody, ['TESTPRESS_LIBRARY' => $file]);
        self::assertStringContainsString('Permission denied', $message);
    }

    public function testAnotherAbi(): void
    {
        $library = new FakeLibrary('int32_t tp_abi_version(void) { return 2; }', real: false);
        $message = $this->failure(LibraryException::WRONG_ABI, '', ['TESTPRESS_LIBRARY' => $library->file]);
        self::assertStringContainsString("$library->file has ABI 2, and this package needs ABI 1", $message);
    }

    public function testAnOlderVersion(): void
    {
        $code = 'int32_t tp_abi_version(void) { return 1; } int32_t tp_version_number(void) { return 999; }';
        $library = new FakeLibrary($code, real: false);
        $message = $this->failure(LibraryException::TOO_OLD, '', ['TESTPRESS_LIBRARY' => $library->file]);
        self::assertStringContainsString("$library->file is version 0.0.999", $message);
        self::assertStringContainsString('needs 0.1.0 or newer', $message);
    }

    public function testANewerVersionIsFine(): void
    {
        $library = new FakeLibrary('int32_t tp_version_number(void) { return 2147483647; }');
        $this->assertLoads($library->file, '', ['TESTPRESS_LIBRARY' => $library->file]);
    }

    public function testTheChoiceIsMadeBeforeTheLibraryIsLoaded(): void
    {
        $run = Php::run('
            Testpress\Library::version();
            try {
                Testpress\Library::use("/other");
            } catch (Testpress\InvalidArgumentException $exception) {
                echo $exception->getMessage();
            }
        ');
        self::assertStringContainsString('loaded already', $run->output);
    }

    /** @param array<string, ?string> $environment */
    private function assertLoads(string $file, string $code, array $environment): void
    {
        $run = Php::run("$code echo Testpress\Library::file(), ' ', Testpress\Library::version();", [], $environment);
        self::assertSame(["$file 0.1.0", ''], [$run->output, $run->errors]);
    }

    /** @param array<string, ?string> $environment */
    private function failure(string $reason, string $code, array $environment): string
    {
        $run = Php::run("$code
            function form(\$password) {
                Testpress\login('demo', 'testpress', \$password);
            }
            try {
                form('canary');
            } catch (Testpress\LibraryException \$exception) {
                echo \$exception->reason(), \"\\n\", \$exception->getMessage(), print_r(\$exception->getTrace(), true);
            }
        ", [], $environment);
        self::assertSame('', $run->errors);
        self::assertStringNotContainsString('canary', $run->output);
        self::assertStringStartsWith("$reason\n", $run->output);
        return $run->output;
    }

    private static function copyOfThePackage(): TemporaryDirectory
    {
        $directory = new TemporaryDirectory();
        Paths::copyPackage($directory);
        return $directory;
    }

    /** @param array<string, ?string> $environment */
    private static function inPackage(TemporaryDirectory $package, array $environment): Php
    {
        $code = "require '$package->path/autoload.php';
            try {
                echo Testpress\Library::file();
            } catch (Testpress\LibraryException \$exception) {
                echo \$exception->getMessage();
            }";
        return Php::command([PHP_BINARY, '-r', $code], $environment + ['TESTPRESS_LIBRARY' => null]);
    }
}
