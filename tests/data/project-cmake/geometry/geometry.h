/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GEOMETRY_H
#define GEOMETRY_H

double area(double a, double b);
double length(double a, double b);

#endif
