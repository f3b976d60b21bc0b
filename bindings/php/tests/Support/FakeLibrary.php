<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use PHPUnit\Framework\Assert;

/** A shared library that gcc makes, with some functions of its own in the place of libtestpress's. */
final class FakeLibrary
{
    private readonly TemporaryDirectory $directory;
    public readonly string $file;

    /** @param bool $real whether the other functions are libtestpress's */
    public function __construct(string $code, bool $real = true)
    {
        $this->directory = new TemporaryDirectory();
        $this->file = $this->directory->path . '/libfake.so';
        $source = $this->directory->write('fake.c', "#include <stdint.h>\n$code");
        $command = ['gcc', '-shared', '-fPIC', '-o', $this->file, $source];
        if ($real) {
            // What a loader doesn't find in a library it looks for in those that it needs.
            array_push($command, '-Wl,--no-as-needed', Paths::library(), '-Wl,-rpath,' . dirname(Paths::library()));
        }
        $gcc = Php::command($command);
        Assert::assertSame(0, $gcc->status, $gcc->errors);
    }
}
