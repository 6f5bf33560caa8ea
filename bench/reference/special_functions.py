import json, scipy, scipy.special as s, scipy.stats as st
g=[(a,x,float(s.gammainc(a,x)),float(s.gammaincc(a,x))) for a in (0.5,1,2.5,10,55.5,400) for x in (1e-6,0.3,1,5,9.9,60,390,450)]
b=[(a,b_,x,float(s.betainc(a,b_,x))) for a in (0.5,1,3,20,250) for b_ in (0.5,2,7,90) for x in (0.001,0.2,0.5,0.81,0.999)]
lg=[(x,float(s.gammaln(x))) for x in (0.1,0.5,1,1.5,3,10.2,123.4,5000)]
c=[(x,k,float(st.chi2.sf(x,k))) for x in (0,0.5,3.84,11,80,400) for k in (1,2,5,40)]
n=[(z,float(st.norm.cdf(z)),float(st.norm.sf(z))) for z in (-9,-3.2,-1,0,0.7,1.96,5,8.5)]
q=[(p,float(st.norm.ppf(p))) for p in (1e-10,0.001,0.025,0.3,0.5,0.9,0.975,0.999999)]
print(json.dumps(dict(tool=f"scipy {scipy.__version__}",gamma=g,beta=b,logGamma=lg,chi2=c,normal=n,quantile=q)))
