<?php

declare(strict_types=1);

namespace Testpress;

/** The server said no. */
class RefusedException extends TestpressException
{
}
