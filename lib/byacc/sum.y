/* Adds numbers. */
%{
#include <ctype.h>
#include <stdio.h>
int yylex(void);
void yyerror(const char *message) { fputs(message, stderr); }
%}
%token NUMBER
%left '+'
%%
line: sum '\n' { printf("%d\n", $1); } ;
sum: NUMBER | sum '+' NUMBER { $$ = $1 + $3; } ;
%%
int yylex(void) {
    int character = getchar();
    if (!isdigit(character)) return character == EOF ? 0 : character;
    for (yylval = 0; isdigit(character); character = getchar()) yylval = yylval * 10 + character - '0';
    ungetc(character, stdin);
    return NUMBER;
}
int main(void) { return yyparse(); }
