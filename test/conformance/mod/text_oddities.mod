TITLE a title of two words, braces { and a colon : not a comment
: What stands in the text of old files. Surprises: 8.
? A line comment of the other kind: VERBATIM, COMMENT, { and ENDVERBATIM mean nothing here.

COMMENT
A block comment { with an unclosed brace, an “é”, a line that has ENDCOMMENT in its middle,
and : another. BREAKPOINT { i = 1 }
ENDCOMMENT

NEURON { SUFFIX text_oddities NONSPECIFIC_CURRENT i RANGE g , e  : commas with blanks
	RANGE	after? a tab, and a comment at once
}

PARAMETER { g=2e-4(S/cm2)e=-55(mV) k=.5 n=3. }
ASSIGNED { v (mV) i(mA/cm2) after }

STATE { m }

INITIAL { m=0 after=0 }

VERBATIM
/* "text" with an ENDVERBATIM inside a line, : and ? and { */
ENDVERBATIM

BREAKPOINT { SOLVE gate METHOD cnexp
	i=g*(v-e)*(1+m*k) : and then i=i+1
	after=1.E0+n*1e-1 ? the point may stand alone
}

DERIVATIVE gate{m'=(.5-m)/(n+exp(v/20))}
