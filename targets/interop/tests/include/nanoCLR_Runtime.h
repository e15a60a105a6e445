// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

// As much of nanoCLR's runtime header as the marshalling uses, for the host: all of it is in the interop header.
#include "nanoCLR_Interop.h"
