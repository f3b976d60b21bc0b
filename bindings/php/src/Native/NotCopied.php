<?php

declare(strict_types=1);

namespace Testpress\Native;

/**
 * For what owns a native handle: there is one owner, and it stays in this process.
 *
 * @internal
 */
trait NotCopied
{
    final public function __clone(): void
    {
        throw Failure::misuse(self::class . ' can\'t be cloned: share the one that there is');
    }

    /** @return never */
    final public function __serialize(): array
    {
        throw Failure::misuse(self::class . ' can\'t be serialized: it belongs to this process');
    }

    /** @param array<mixed> $data */
    final public function __unserialize(#[\SensitiveParameter] array $data): void
    {
        throw Failure::misuse(self::class . ' can\'t be unserialized: it belongs to the process that made it');
    }
}
