<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

/** A PHP process of its own: for what only a fresh one shows, such as loading, settings and fatal errors. */
final class Php
{
    private function __construct(
        public readonly string $output,
        public readonly string $errors,
        public readonly int $status,
    ) {
    }

    /**
     * Runs code that has this package's autoloader.
     *
     * @param array<string, string> $settings of php.ini
     * @param array<string, ?string> $environment on top of this process's; null takes a variable away
     * @param list<string> $options of php
     * @param list<string> $prefix a program to run it with, such as valgrind
     */
    public static function run(
        string $code,
        array $settings = [],
        array $environment = [],
        array $options = [],
        array $prefix = [],
    ): self {
        $code = 'require ' . var_export(Paths::package('tests/bootstrap.php'), true) . ";\n$code";
        $settings += ['zend.exception_ignore_args' => '0', 'display_errors' => 'stderr', 'log_errors' => '0'];
        $command = [...$prefix, PHP_BINARY, ...$options];
        foreach ($settings as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        return self::command([...$command, '-r', $code], $environment);
    }

    /**
     * @param list<string> $command
     * @param array<string, ?string> $environment as for run
     */
    public static function command(array $command, array $environment = []): self
    {
        $errors = tmpfile();
        $environment = array_filter($environment + getenv(), static fn (?string $value): bool => $value !== null);
        $streams = [['file', '/dev/null', 'r'], ['pipe', 'w'], $errors];
        $process = proc_open($command, $streams, $pipes, null, $environment);
        $output = stream_get_contents($pipes[1]);
        $status = proc_close($process);
        rewind($errors);
        return new self($output, stream_get_contents($errors), $status);
    }
}
