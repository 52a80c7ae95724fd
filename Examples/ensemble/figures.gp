# The mean current with its scatter, and the histogram of conductances; README.md says how the tables are made.
set terminal pngcairo size 1016,756 font "Liberation Sans,27" linewidth 2.5
set datafile separator ","
set border linewidth 1
set tics nomirror
set key left Left reverse samplen 2
set style fill solid noborder

set output "mean-current.png"
set xlabel "{/:Italic V} (V)"
set ylabel "Current (µA)"
set yrange [0:12]
micro = 1e6
plot "mean.csv" skip 1 using 1:(micro*($2 - $6)):(micro*($2 + $6)) with filledcurves fillcolor "#cfe2f3" title "standard deviation", \
     "" skip 1 using 1:(micro*($2 - $10)):(micro*($2 + $10)) with filledcurves fillcolor "#6fa8dc" title "standard error", \
     "" skip 1 using 1:(micro*$2) with lines linecolor "#0b3d66" title "mean"

set output "histogram.png"
quantum = 3.8740458e-5   # e^2/h in siemens, one spin
width = 0.1
bin(x) = width*(floor(x/width) + 0.5)
set xrange [-2.6:0.1]
set xlabel "log_{10} {/:Italic G} / ({/:Italic e}^2/{/:Italic h}) at zero bias"
set ylabel "Snapshots"
set yrange [0:16]
set boxwidth 0.9*width
unset key
plot "conductance.csv" skip 1 using (bin(log10($3/quantum))):(1) smooth frequency with boxes fillcolor "#6fa8dc"
